import type { ReactNode } from "react";
import type { MessageKey } from "../../i18n/translate";
import { usePreferences } from "../../ui/preferences";
import { type ChannelRow, NO_TOTALS, type Totals, useTotals } from "../queries";
import { ChannelLine } from "./ChannelLine";

const HEADS: readonly [MessageKey, boolean][] = [
  ["channels.name", false],
  ["channels.state", false],
  ["channels.lag", true],
  ["channels.queue", true],
  ["channels.right", true],
  ["channels.held", true],
  ["channels.sold", true],
  ["channels.listings", true],
  ["channels.token", true],
  ["channels.error", false],
];

interface Props {
  rows: readonly ChannelRow[];
  open(channel: string): void;
  actions(row: ChannelRow, totals: Totals): ReactNode;
}

/** The channels, one dense line each. */
export function ChannelTable({ rows, open, actions }: Props) {
  const { t } = usePreferences();
  const totals = useTotals();
  return (
    <table className="channels">
      <thead>
        <tr>
          {HEADS.map(([key, right]) => (
            <th key={key} scope="col" className={right ? "is-number" : ""}>
              {t(key)}
            </th>
          ))}
          <th scope="col">{t("channels.actions")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const sum = totals.get(row.channel.channel) ?? NO_TOTALS;
          return (
            <ChannelLine
              key={row.channel.channel}
              row={row}
              totals={sum}
              open={open}
              actions={actions(row, sum)}
            />
          );
        })}
      </tbody>
    </table>
  );
}
