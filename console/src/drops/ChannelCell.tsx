import type { DropDocument, ToldDocument } from "../api/types";
import { units } from "../i18n/format";
import type { Translate } from "../i18n/translate";
import { usePreferences } from "../ui/preferences";

interface Props {
  drop: DropDocument;
  channelName(channel: string): string;
}

/** How far a platform has been told, and what it has not done yet. */
function toldWords(t: Translate, drop: DropDocument, each: ToldDocument): string {
  const silent = each.up ? "" : ` · ${t("drops.silent")}`;
  if (drop.status === "closing") return t("drops.recalling", { n: units(each.left) }) + silent;
  const behind = each.waiting + each.under_way > 0;
  const facts = { n: units(each.told), all: units(each.told + each.waiting + each.under_way) };
  return t(behind ? "drops.telling" : "drops.told", facts) + silent;
}

/** Units of each channel; of a connected one, how far its platform has been told. */
export function ChannelCell({ drop, channelName }: Props) {
  const { t } = usePreferences();
  return (
    <>
      {Object.entries(drop.channels).map(([channel, each]) => {
        const platform = drop.platforms.find((known) => known.channel === channel);
        const behind = platform && (platform.waiting + platform.under_way > 0 || !platform.up);
        return (
          <div key={channel} className="drops-channel">
            {channelName(channel)} {units(each)}
            {platform && (
              <span className={behind ? "drops-behind" : "muted"} data-testid={`told ${channel}`}>
                {toldWords(t, drop, platform)}
              </span>
            )}
            {drop.one_way.includes(channel) && (
              <span className="muted" title={t("drops.one_way.why")}>
                {t("drops.one_way")}
              </span>
            )}
          </div>
        );
      })}
    </>
  );
}
