import { Button } from "antd";
import { useSearchParams } from "wouter";
import { Frame } from "../frame/Frame";
import { useLine } from "../live/context";
import { usePreferences } from "../ui/preferences";
import "./channels.css";
import { useChannelRows } from "./queries";
import { ChannelTable } from "./table/ChannelTable";

/** Our shops on the platforms: how each is connected, what it has, and what went wrong last. */
export default function ChannelsPage() {
  const { t } = usePreferences();
  const { rows, loading, failed, again } = useChannelRows();
  const line = useLine();
  const [, setAddress] = useSearchParams();
  const open = (channel: string) => setAddress({ channel });
  return (
    <Frame title={t("nav.channels")}>
      <div className={line === "live" ? "" : "is-stale"}>
        {loading && <p className="channels-note">{t("channels.loading")}</p>}
        {failed && rows.length === 0 && (
          <p className="channels-note" role="alert">
            {t("channels.failed")} <Button onClick={() => void again()}>{t("channels.again")}</Button>
          </p>
        )}
        {!loading && !failed && rows.length === 0 && <p className="channels-note">{t("channels.empty")}</p>}
        {rows.length > 0 && <ChannelTable rows={rows} open={open} actions={() => null} />}
      </div>
    </Frame>
  );
}
