import { Popconfirm } from "antd";
import { units } from "../../i18n/format";
import { Guarded } from "../../ui/Guarded";
import { useWhyNot } from "../../ui/may";
import { usePreferences } from "../../ui/preferences";
import type { ChannelRow, Totals } from "../queries";
import { useNotices } from "./notice";
import { useWrite } from "./useWrite";

interface Props {
  row: ChannelRow;
  totals: Totals;
  connect(channel: string): void;
}

/** What can be done to a channel in its line: pause it or let it go on, and connect it. */
export function RowActions({ row, totals, connect }: Props) {
  const { t } = usePreferences();
  const whyNot = useWhyNot("operator");
  const whyNotConnect = useWhyNot("administrator");
  const notices = useNotices();
  const { freeze } = useWrite();
  const { channel, name, frozen } = row.channel;
  const mayConnect = row.manifest?.needs_connection ?? false;

  function change() {
    const told = t(frozen ? "channels.resumed" : "channels.paused", { name });
    freeze(row.channel, !frozen).then(
      () => notices.done(told, () => freeze(row.channel, frozen)),
      notices.failed,
    );
  }

  const word = t(frozen ? "channels.resume" : "channels.pause");
  const button = (
    <Guarded size="small" why={whyNot} aria-label={`${word} ${name}`}>
      {word}
    </Guarded>
  );
  return (
    <>
      {whyNot ? (
        button
      ) : (
        <Popconfirm
          title={word}
          description={t(frozen ? "channels.resume.preflight" : "channels.pause.preflight", {
            name,
            held: units(totals.held),
          })}
          okText={word}
          okButtonProps={{ autoFocus: true }}
          onConfirm={change}
        >
          {button}
        </Popconfirm>
      )}
      {mayConnect && (
        <Guarded
          size="small"
          type={row.state === "unconnected" ? "primary" : "default"}
          ghost={row.state === "unconnected"}
          why={whyNotConnect}
          aria-label={`${t(row.sync ? "channels.reconnect" : "channels.connect")} ${name}`}
          onClick={() => connect(channel)}
        >
          {t(row.sync ? "channels.reconnect" : "channels.connect")}
        </Guarded>
      )}
    </>
  );
}
