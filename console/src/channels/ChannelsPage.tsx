import { Button } from "antd";
import { lazy, Suspense } from "react";
import { useSearchParams } from "wouter";
import { Frame } from "../frame/Frame";
import { useLine } from "../live/context";
import { usePreferences } from "../ui/preferences";
import "./channels.css";
import { Guarded } from "../ui/Guarded";
import { useWhyNot } from "../ui/may";
import { NoticeProvider } from "./parts/notice";
import { RowActions } from "./parts/RowActions";
import { useChannelRows } from "./queries";
import { ChannelTable } from "./table/ChannelTable";

const ChannelDrawer = lazy(() =>
  import("./drawer/ChannelDrawer").then((part) => ({ default: part.ChannelDrawer })),
);
const ConnectWizard = lazy(() =>
  import("./connect/ConnectWizard").then((part) => ({ default: part.ConnectWizard })),
);

/** Our shops on the platforms: how each is connected, what it has, and what can be done to it. */
export default function ChannelsPage() {
  const { t } = usePreferences();
  const whyNot = useWhyNot("operator");
  const { rows, platforms, loading, failed, again } = useChannelRows();
  const line = useLine();
  const [address, setAddress] = useSearchParams();
  const connecting = address.get("connect");
  const opened = rows.find((row) => row.channel.channel === address.get("channel"));
  const connect = (channel: string) => setAddress({ connect: channel });
  const close = () => setAddress({});
  const add = (
    <Guarded type="primary" why={whyNot} onClick={() => connect("")}>
      {t("channels.new")}
    </Guarded>
  );
  return (
    <Frame title={t("nav.channels")} actions={add}>
      <NoticeProvider>
        <div className={line === "live" ? "" : "is-stale"}>
          {loading && <p className="channels-note">{t("channels.loading")}</p>}
          {failed && rows.length === 0 && (
            <p className="channels-note" role="alert">
              {t("channels.failed")} <Button onClick={() => void again()}>{t("channels.again")}</Button>
            </p>
          )}
          {!loading && !failed && rows.length === 0 && <p className="channels-note">{t("channels.empty")}</p>}
          {rows.length > 0 && (
            <ChannelTable
              rows={rows}
              open={(channel) => setAddress({ channel })}
              actions={(row, totals) => <RowActions row={row} totals={totals} connect={connect} />}
            />
          )}
        </div>
        <Suspense fallback={null}>
          {opened && <ChannelDrawer key={opened.channel.channel} row={opened} close={close} />}
          {connecting !== null && platforms.size > 0 && !loading && whyNot === null && (
            <ConnectWizard
              channel={connecting}
              rows={rows}
              platforms={platforms}
              close={close}
              go={connect}
            />
          )}
        </Suspense>
      </NoticeProvider>
    </Frame>
  );
}
