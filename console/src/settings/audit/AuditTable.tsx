import { Button } from "antd";
import type { AuditDocument } from "../../api/types";
import type { Translate } from "../../i18n/translate";
import { Sheet } from "../../ui/list/Sheet";
import { usePreferences } from "../../ui/preferences";
import { dateTime } from "../../ui/when";
import { detailWords, wordOr } from "./words";

/** What the ledger answers when it did as it was told; all else is a refusal. */
const DONE = new Set([
  "placed",
  "confirmed",
  "released",
  "expired",
  "posted",
  "saved",
  "unchanged",
  "not_due",
]);

interface Props {
  entries: readonly AuditDocument[];
  /** Show only what concerns this target. */
  look(target: string): void;
}

/** The entries of the trail, the newest first. */
export function AuditTable({ entries, look }: Props) {
  const { t } = usePreferences();
  return (
    <Sheet label={t("settings.tab.audit")}>
      <thead>
        <tr>
          <th scope="col">{t("audit.at")}</th>
          <th scope="col">{t("audit.actor")}</th>
          <th scope="col">{t("audit.action")}</th>
          <th scope="col">{t("audit.target")}</th>
          <th scope="col">{t("audit.result")}</th>
          <th scope="col">{t("audit.detail")}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.seq} data-action={entry.action}>
            <td className="num">{dateTime(entry.recorded_at)}</td>
            <td>{entry.actor}</td>
            <td title={entry.action}>{wordOr(t, `audit.action.${entry.action}`, entry.action)}</td>
            <td>
              <Button
                type="link"
                size="small"
                title={t("audit.only", { target: entry.target })}
                onClick={() => look(entry.target)}
              >
                {entry.target}
              </Button>
            </td>
            <td className={DONE.has(entry.result) ? "" : "is-refused"} title={entry.result}>
              {resultWord(t, entry.result)}
            </td>
            <td className="audit-detail">{detailWords(t, entry.detail)}</td>
          </tr>
        ))}
      </tbody>
    </Sheet>
  );
}

function resultWord(t: Translate, result: string): string {
  if (DONE.has(result)) return wordOr(t, `audit.result.${result}`, result);
  return t("audit.refused", { why: wordOr(t, `audit.result.${result}`, result) });
}
