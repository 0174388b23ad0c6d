import type { ReactNode } from "react";
import type { MessageKey } from "../../i18n/translate";
import { usePreferences } from "../../ui/preferences";
import { type ChannelRow, NO_TOTALS, useTotals } from "../queries";
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
  actions(row: ChannelRow): ReactNode;
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
        {rows.map((row) => (
          <ChannelLine
            key={row.channel.channel}
            row={row}
            totals={totals.get(row.channel.channel) ?? NO_TOTALS}
            open={open}
            actions={actions(row)}
          />
        ))}
      </tbody>
    </table>
  );
}
