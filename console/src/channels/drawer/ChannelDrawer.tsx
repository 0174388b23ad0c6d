import { Drawer, Popconfirm } from "antd";
import { Guarded } from "../../ui/Guarded";
import { useWhyNot } from "../../ui/may";
import { usePreferences } from "../../ui/preferences";
import { ListingsPanel } from "../listings/ListingsPanel";
import { useNotices } from "../parts/notice";
import { channelPath, useWrite } from "../parts/useWrite";
import { WebhookLine } from "../parts/WebhookLine";
import type { ChannelRow } from "../queries";
import { MARKS, stateWord, toneOf } from "../state";
import { moment, titleOf } from "../words";

/** A channel's details: how it is reached, what it waits for, its listings and their rules. */
export function ChannelDrawer({ row, close }: { row: ChannelRow; close(): void }) {
  const { t, language } = usePreferences();
  const whyNot = useWhyNot("administrator");
  const notices = useNotices();
  const { write } = useWrite();
  const { channel, sync, manifest, state } = row;

  function disconnect() {
    write("DELETE", channelPath(channel.channel, "/connection")).then(
      () => notices.done(t("channels.disconnected", { name: row.name })),
      notices.failed,
    );
  }

  const facts: [string, string][] = sync
    ? [
        [t("channels.last_push"), sync.last_push_at ? moment(sync.last_push_at) : "–"],
        [t("channels.last_poll"), sync.last_poll_at ? moment(sync.last_poll_at) : "–"],
        [t("channels.orders"), `${sync.orders_by_push} / ${sync.orders_by_poll}`],
        [t("channels.unmapped"), String(sync.unmapped_orders)],
        [t("channels.unbooked"), String(sync.refused_orders.length)],
      ]
    : [];
  const button = (
    <Guarded size="small" danger why={whyNot}>
      {t("channels.disconnect")}
    </Guarded>
  );
  return (
    <Drawer
      open
      onClose={close}
      size={860}
      title={`${row.name} · ${titleOf(manifest, channel.platform, language)}`}
    >
      <div className="channels-detail">
        <p>
          <span className={`channels-state tone-${toneOf(state)}`}>
            <i aria-hidden="true">{MARKS[state]}</i> {t(stateWord(state))}
          </span>
          {sync &&
            (whyNot ? (
              button
            ) : (
              <Popconfirm
                title={t("channels.disconnect.ask", { name: row.name })}
                description={t("channels.disconnect.preflight")}
                okText={t("channels.disconnect")}
                okButtonProps={{ danger: true, type: "default" }}
                onConfirm={disconnect}
              >
                {button}
              </Popconfirm>
            ))}
        </p>
        {sync?.last_error && (
          <p className="tone-urgent">
            {sync.last_error_at && moment(sync.last_error_at)} {sync.problem || sync.last_error}
          </p>
        )}
        <dl>
          {facts.map(([name, value]) => (
            <div key={name}>
              <dt className="muted">{name}</dt>
              <dd className="num">{value}</dd>
            </div>
          ))}
        </dl>
        {manifest?.needs_connection && <WebhookLine channel={channel.channel} manifest={manifest} />}
        <ListingsPanel channel={channel.channel} sync={sync} />
      </div>
    </Drawer>
  );
}
