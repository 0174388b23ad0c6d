import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/client";
import type { ConnectionDocument, ManifestDocument } from "../../api/types";
import { usePreferences } from "../../ui/preferences";
import { troubleWord } from "../../ui/trouble";
import { channelPath } from "../parts/useWrite";
import { CredentialsForm } from "./CredentialsForm";

interface Props {
  channel: string;
  manifest: ManifestDocument;
  /** Whether there is a connection on file. */
  connected: boolean;
  done(): void;
}

/** The keys of the shop; what is on file already is kept unless something else is typed. */
export function CredentialsStep({ channel, manifest, connected, done }: Props) {
  const { t } = usePreferences();
  const { data, error } = useQuery({
    queryKey: ["connection", channel, connected],
    queryFn: async () =>
      connected ? await call<ConnectionDocument>("GET", channelPath(channel, "/connection")) : null,
    refetchOnWindowFocus: false,
    gcTime: 0,
  });
  if (error) return <p role="alert">{troubleWord(t, error)}</p>;
  if (data === undefined) return <p className="channels-note">{t("channels.loading")}</p>;
  return <CredentialsForm channel={channel} manifest={manifest} onFile={data} done={done} />;
}
