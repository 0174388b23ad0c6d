import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { call } from "../../api/client";
import type { CheckDocument, ManifestDocument } from "../../api/types";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { channelPath } from "../parts/useWrite";
import { WebhookLine } from "../parts/WebhookLine";

interface Props {
  channel: string;
  manifest: ManifestDocument;
  back(): void;
  done(): void;
}

/** A call that changes nothing, and in plain words what it came to. */
export function CheckStep({ channel, manifest, back, done }: Props) {
  const { t, language } = usePreferences();
  const check = useQuery({
    queryKey: ["check", channel],
    queryFn: () => call<CheckDocument>("POST", channelPath(channel, "/connection/check")),
    refetchOnWindowFocus: false,
    retry: false,
    gcTime: 0,
  });
  const { data } = check;
  const tone = check.isFetching ? "is-waiting" : data?.ok ? "is-good" : "is-bad";
  return (
    <div className="wizard-form">
      <div className={`wizard-result ${tone}`} role="status" data-testid="check">
        {check.isFetching && t("channels.check.running")}
        {!check.isFetching && check.error && `✕ ${troubleWord(t, check.error)}`}
        {!check.isFetching && data && (
          <>
            <b>
              {data.ok ? "✓" : "✕"} {t(data.ok ? "channels.check.good" : "channels.check.bad")}
            </b>
            <p>{language === "zh" ? data.message_zh : data.message}</p>
            <small className="muted num">
              {data.took_ms} ms{data.vendor_code && ` · ${t("channels.check.vendor")} ${data.vendor_code}`}
            </small>
          </>
        )}
      </div>
      <WebhookLine channel={channel} manifest={manifest} />
      <footer>
        <Button onClick={back}>{t("channels.check.back")}</Button>
        <Button onClick={() => void check.refetch()} disabled={check.isFetching}>
          {t("channels.check.again")}
        </Button>
        <Button type="primary" onClick={done}>
          {t("channels.check.next")}
        </Button>
      </footer>
    </div>
  );
}
