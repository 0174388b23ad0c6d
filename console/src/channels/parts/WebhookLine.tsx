import { Typography } from "antd";
import type { ManifestDocument } from "../../api/types";
import { usePreferences } from "../../ui/preferences";
import { webhookOf } from "../state";

/** The address that the platform has to push to, or how news comes without one. */
export function WebhookLine({ channel, manifest }: { channel: string; manifest: ManifestDocument }) {
  const { t } = usePreferences();
  if (manifest.push !== "webhook") {
    return (
      <p className="muted">{t(manifest.push === "pull" ? "channels.push.pull" : "channels.push.none")}</p>
    );
  }
  const address = webhookOf(window.location.origin, channel);
  return (
    <div className="channels-webhook">
      <b>{t("channels.push.address")}</b>
      <Typography.Text
        code
        copyable={{ text: address, tooltips: [t("channels.copy"), t("channels.copied")] }}
      >
        {address}
      </Typography.Text>
      <small className="muted">{t("channels.push.hint")}</small>
    </div>
  );
}
