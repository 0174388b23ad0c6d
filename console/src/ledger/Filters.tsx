import { Button, Input } from "antd";
import { usePreferences } from "../ui/preferences";
import { FACTS, type Fact, type Wanted } from "./useTransfers";
import { reasonWord } from "./words";

interface Props {
  wanted: Wanted;
  /** Show only those with this; empty for all. */
  only(fact: Fact, value: string): void;
}

/** What the transfers are narrowed to beside item and account; each is taken off by a press. */
export function Filters({ wanted, only }: Props) {
  const { t } = usePreferences();
  return (
    <>
      <Input.Search
        key={wanted.reference}
        className="ledger-reference"
        defaultValue={wanted.reference}
        allowClear
        maxLength={200}
        placeholder={t("ledger.reference")}
        aria-label={t("ledger.reference")}
        onSearch={(text) => only("reference", text.trim())}
      />
      {FACTS.filter((fact) => fact !== "reference" && wanted[fact]).map((fact) => (
        <Button
          key={fact}
          aria-label={t("ledger.all", { what: t(`ledger.${fact}`) })}
          onClick={() => only(fact, "")}
        >
          {t(`ledger.${fact}`)}: {fact === "reason" ? reasonWord(t, wanted.reason) : wanted[fact]} ×
        </Button>
      ))}
    </>
  );
}
