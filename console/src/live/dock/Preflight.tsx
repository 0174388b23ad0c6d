import { units } from "../../i18n/format";
import type { MessageKey } from "../../i18n/zh";
import { type Move, preflight } from "../../moves/move";
import type { ItemStock } from "../../stock/item";
import { usePreferences } from "../../ui/preferences";
import { useRoom } from "../room";

/** What a move will change, before it is made; or why it cannot be. */
export function Preflight({ item, move, why }: { item: ItemStock; move: Move; why: string }) {
  const { t } = usePreferences();
  const { channels } = useRoom();
  if (why) {
    return (
      <p className="preflight is-blocked" role="status" data-testid="preflight">
        {why}
      </p>
    );
  }
  const found = preflight(item, move);
  return (
    <p className="preflight" role="status" data-testid="preflight">
      <span className="muted">{t("move.preflight")}</span>
      {found.length === 0 && t("move.nothing")}
      {found.map((each, at) => {
        const name = channels.find((channel) => channel.channel === each.of)?.name ?? each.of;
        return (
          <span key={each.of}>
            {at > 0 && " · "}
            {each.channel ? name : t(`move.${each.of}` as MessageKey)}{" "}
            <span className="num">{units(each.from)}</span> → <b className="num">{units(each.to)}</b>
          </span>
        );
      })}
      {move.steering && <span className="muted"> {t("move.preflight.steer")}</span>}
    </p>
  );
}
