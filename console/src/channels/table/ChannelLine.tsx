import type { ReactNode } from "react";
import { lag, span, units } from "../../i18n/format";
import type { Translate } from "../../i18n/translate";
import { usePreferences } from "../../ui/preferences";
import type { ChannelRow, Totals } from "../queries";
import { authorizedUntil, MARKS, SOON_MS, stateWord, toneOf } from "../state";
import { moment, titleOf } from "../words";

/** Open writes are told up to this many. */
const WRITES_TOLD = 100;

interface Props {
  row: ChannelRow;
  totals: Totals;
  open(channel: string): void;
  actions: ReactNode;
}

/** One channel: how it stands, what it has, and what went wrong last. */
export function ChannelLine({ row, totals, open, actions }: Props) {
  const { t, language } = usePreferences();
  const { channel, sync, state } = row;
  const refused = sync?.listings.filter((each) => each.problem).length ?? 0;
  const waiting = sync?.open_writes.length ?? 0;
  return (
    <tr data-channel={channel.channel}>
      <th scope="row">
        <button type="button" className="channels-name" onClick={() => open(channel.channel)}>
          {channel.name}
        </button>
        <small className="muted">
          {titleOf(row.manifest, channel.platform, language)} · {channel.channel}
        </small>
      </th>
      <td data-label={t("channels.state")}>
        <span className={`channels-state tone-${toneOf(state)}`} data-testid="state">
          <i aria-hidden="true">{MARKS[state]}</i> {t(stateWord(state))}
        </span>
        {channel.frozen && <span className="channels-tag">‖ {t("channels.frozen")}</span>}
      </td>
      <NumberCell
        label={t("channels.lag")}
        value={sync?.message_lag.p50 == null ? "–" : lag(sync.message_lag.p50)}
      />
      <NumberCell
        label={t("channels.queue")}
        value={sync ? `${waiting}${waiting === WRITES_TOLD ? "+" : ""}` : "–"}
      />
      <NumberCell label={t("channels.right")} value={units(totals.right)} name="right" />
      <NumberCell label={t("channels.held")} value={units(totals.held)} name="held" />
      <NumberCell label={t("channels.sold")} value={units(totals.sold)} name="sold">
        {totals.debt > 0 && (
          <small className="is-urgent">{t("channels.debt", { n: units(totals.debt) })}</small>
        )}
      </NumberCell>
      <NumberCell
        label={t("channels.listings")}
        value={sync ? units(sync.listings.length) : "–"}
        name="listings"
      >
        {refused > 0 && <small className="is-urgent">{t("channels.refused", { n: refused })}</small>}
      </NumberCell>
      <Token row={row} t={t} />
      <td className="channels-error" data-label={t("channels.error")}>
        <LastError row={row} />
      </td>
      <td className="channels-actions">{actions}</td>
    </tr>
  );
}

function NumberCell(props: { label: string; value: string; name?: string; children?: ReactNode }) {
  return (
    <td className="num is-number" data-label={props.label} data-testid={props.name}>
      {props.value}
      {props.children}
    </td>
  );
}

function Token({ row, t }: { row: ChannelRow; t: Translate }) {
  const ends = row.sync ? authorizedUntil(row.sync) : null;
  if (ends === null) return <NumberCell label={t("channels.token")} value="–" />;
  const left = ends - Date.now();
  const word = left <= 0 ? t("channels.token.over") : t("channels.token.left", { time: span(left / 1000) });
  return (
    <td
      className={`num is-number ${left < SOON_MS ? "is-watch" : ""}`}
      data-label={t("channels.token")}
      title={new Date(ends).toLocaleString()}
    >
      {left < SOON_MS ? `! ${word}` : word}
    </td>
  );
}

function LastError({ row }: { row: ChannelRow }) {
  const { sync } = row;
  const said = sync?.problem || sync?.last_error;
  if (!sync || !said) return <span className="muted">–</span>;
  return (
    <span title={said}>
      {sync.last_error_at && <time className="num muted">{moment(sync.last_error_at)}</time>} {said}
    </span>
  );
}
