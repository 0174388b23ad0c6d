import type { ListedDocument } from "../../api/types";
import { Guarded } from "../../ui/Guarded";
import { Sheet } from "../../ui/list/Sheet";
import { usePreferences } from "../../ui/preferences";
import { dateTime } from "../../ui/when";
import type { ListName } from "../queries";
import { valueWord } from "../words";

interface Props {
  name: ListName;
  entries: readonly ListedDocument[];
  whyNot: string | null;
  remove(entry: ListedDocument): void;
}

/** What stands on a list: by whom, since when and why. */
export function ListTable({ name, entries, whyNot, remove }: Props) {
  const { t } = usePreferences();
  return (
    <Sheet label={t(`lists.${name}`)}>
      <thead>
        <tr>
          <th scope="col">{t("lists.column.kind")}</th>
          <th scope="col">{t("lists.column.value")}</th>
          <th scope="col">{t("lists.reason")}</th>
          <th scope="col">{t("lists.column.actor")}</th>
          <th scope="col">{t("lists.column.since")}</th>
          <th scope="col">{t("guards.column.acts")}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={`${entry.kind} ${entry.buyer}`} data-listed={entry.buyer}>
            <td>{t(`guards.kind.${entry.kind}`)}</td>
            <th scope="row" className="guards-id" title={entry.buyer}>
              {valueWord(entry.kind, entry.buyer)}
            </th>
            <td className="guards-why">{entry.reason}</td>
            <td>{entry.actor}</td>
            <td className="num">{dateTime(entry.since)}</td>
            <td className="sheet-acts">
              <Guarded size="small" why={whyNot} onClick={() => remove(entry)}>
                {t("lists.remove")}
              </Guarded>
            </td>
          </tr>
        ))}
      </tbody>
    </Sheet>
  );
}
