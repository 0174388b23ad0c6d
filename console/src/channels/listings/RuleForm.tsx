import { Button, Checkbox, InputNumber } from "antd";
import { type FormEvent, useId, useState } from "react";
import { listingPath, withRule } from "../../api/listings";
import type { ListingDocument, RuleBody } from "../../api/types";
import { usePreferences } from "../../ui/preferences";
import { useNotices } from "../parts/notice";
import { useWrite } from "../parts/useWrite";
import { ruleChange, ruleProblem } from "./rules";

const BOUNDS = ["minimum", "maximum", "fixed"] as const;

/** The rule for a listing's right; one line says what will change, and it can be taken back. */
export function RuleForm({ listing, close }: { listing: ListingDocument; close(): void }) {
  const { t } = usePreferences();
  const id = useId();
  const { write } = useWrite();
  const notices = useNotices();
  const [before] = useState(listing.rule);
  const [rule, setRule] = useState<RuleBody>(listing.rule);
  const change = (part: RuleBody) => setRule((now) => ({ ...now, ...part }));
  const problem = ruleProblem(t, rule);
  const preflight = ruleChange(t, before, rule);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (problem || !preflight) return;
    const path = listingPath(listing.channel, listing.listing);
    write("PUT", path, withRule(listing, rule)).then(() => {
      close();
      notices.done(t("listings.ruled", { listing: listing.listing }), () =>
        write("PUT", path, withRule(listing, before)),
      );
    }, notices.failed);
  }

  return (
    <form className="rule-form" onSubmit={submit} aria-label={t("listings.rule")}>
      <label htmlFor={`${id}-weight`}>{t("listings.weight")}</label>
      <InputNumber
        id={`${id}-weight`}
        size="small"
        min={0}
        max={1_000}
        step={0.5}
        value={rule.weight ?? 1}
        onChange={(value) => change({ weight: value ?? 1 })}
      />
      {BOUNDS.map((name) => (
        <span key={name}>
          <label htmlFor={`${id}-${name}`}>{t(`listings.${name}`)}</label>
          <InputNumber
            id={`${id}-${name}`}
            size="small"
            min={0}
            precision={0}
            placeholder={t("listings.unbounded")}
            value={rule[name] ?? null}
            onChange={(value) => change({ [name]: value ?? (name === "minimum" ? 0 : null) })}
          />
        </span>
      ))}
      <Checkbox checked={rule.paused ?? false} onChange={(event) => change({ paused: event.target.checked })}>
        {t("listings.paused")}
      </Checkbox>
      <Button
        size="small"
        type="primary"
        htmlType="submit"
        aria-disabled={problem !== "" || !preflight}
        className={problem || !preflight ? "is-disabled" : ""}
      >
        {t("listings.save")}
      </Button>
      <Button size="small" onClick={close}>
        {t("move.cancel")}
      </Button>
      <p className="muted" role="status" data-testid="rule-preflight">
        {problem || (preflight ? `${t("move.preflight")} ${preflight}` : t("listings.unchanged"))}
      </p>
    </form>
  );
}
