import { Button, Segmented } from "antd";
import { type FormEvent, useState } from "react";
import { units } from "../../i18n/format";
import { fixedChannels, reasonAgainst } from "../../moves/reasons";
import type { ItemStock } from "../../stock/item";
import { usePreferences } from "../../ui/preferences";
import { useLive } from "../context";
import { useRoom } from "../room";
import { useCircumstances } from "./useCircumstances";
import { useFocus } from "./useFocus";

/** Leaving a channel's right to the allocation again, which somebody had fixed. */
export function AutoForm({ item }: { item: ItemStock }) {
  const { t } = usePreferences();
  const { desk } = useLive();
  const { channels, openMove } = useRoom();
  const about = useCircumstances(item);
  const fixed = fixedChannels(about);
  const [chosen, setChosen] = useState(fixed[0] ?? "");
  const focus = useFocus<HTMLButtonElement>();
  const listing = about.steerable.get(chosen);
  const reason = reasonAgainst("auto", about);
  const why = reason ? t(reason.key, reason.values) : "";
  const nameOf = (channel: string) => channels.find((each) => each.channel === channel)?.name ?? channel;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (why || !listing) return;
    openMove(null);
    const steering = { listing: listing.listing, fixed: null, before: listing.fixed };
    void desk.run({ kind: "auto", sku: item.sku, quantity: 0, channel: chosen, steering });
  }

  return (
    <form className="move-form" onSubmit={submit} data-testid="move-form" aria-label={t("move.auto")}>
      <div className="move-line">
        <b>{t("move.auto")}</b>
        <Segmented
          aria-label={t("move.channel")}
          options={fixed.map((name) => ({ value: name, label: nameOf(name) }))}
          value={chosen}
          onChange={setChosen}
        />
        <Button ref={focus} type="primary" htmlType="submit" aria-disabled={why !== ""}>
          {t("move.go")}
        </Button>
        <Button onClick={() => openMove(null)}>{t("move.cancel")}</Button>
      </div>
      <p className={why ? "preflight is-blocked" : "preflight"} role="status" data-testid="preflight">
        {why || t("move.preflight.auto", { channel: nameOf(chosen), n: units(listing?.fixed ?? 0) })}
      </p>
      <small className="muted">{t("move.keys")}</small>
    </form>
  );
}
