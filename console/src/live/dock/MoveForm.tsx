import { Button, type GetRef, InputNumber, Segmented } from "antd";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import type { Row } from "../../feed/store";
import { atMost, type Move, type MoveKind, steered, suggested } from "../../moves/move";
import { choices, firstChoice, reasonAgainst } from "../../moves/reasons";
import { usePreferences } from "../../ui/preferences";
import { useLive } from "../context";
import { useRoom } from "../room";
import { Preflight } from "./Preflight";
import { useCircumstances } from "./useCircumstances";
import { useFocus } from "./useFocus";

/** A move being made: channel, units, what it will change; Enter does it. */
export function MoveForm({ row, kind }: { row: Row; kind: MoveKind }) {
  const { t } = usePreferences();
  const { desk } = useLive();
  const { channels, openMove } = useRoom();
  const about = useCircumstances(row.item);
  const from = choices(kind, about, row.channelSeconds);
  const [channel, setChannel] = useState(() => firstChoice(kind, from, row.item, row.channelSeconds));
  const [typed, setTyped] = useState<number | null>(null);
  const [touched, setTouched] = useState(false);
  const focus = useFocus<GetRef<typeof InputNumber>>();

  const quantity = touched ? typed : suggested(row.item, kind, channel);
  const most = atMost(row.item, kind, channel);
  const plain: Move = { kind, sku: row.item.sku, channel, quantity: quantity ?? 0 };
  const listing = about.steerable.get(channel);
  const move = listing ? steered(plain, row.item, listing.listing, listing.fixed) : plain;
  const blocked = reasonAgainst(kind, about);
  const why = blocked
    ? t(blocked.key, blocked.values)
    : !quantity || quantity < 1
      ? t("move.why.too_few")
      : quantity > most
        ? t("move.why.too_many", { n: most })
        : "";

  function submit(event: FormEvent) {
    event.preventDefault();
    if (why) return;
    openMove(null);
    void desk.run(move);
  }

  function chooseByArrow(event: KeyboardEvent) {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!by || from.length < 2) return;
    event.preventDefault();
    setChannel(from[(from.indexOf(channel) + by + from.length) % from.length] ?? channel);
  }

  const options = from.map((name) => ({
    value: name,
    label: channels.find((each) => each.channel === name)?.name ?? name,
  }));
  return (
    <form className="move-form" onSubmit={submit} data-testid="move-form" aria-label={t(`move.${kind}`)}>
      <div className="move-line">
        <b>{t(`move.${kind}`)}</b>
        {options.length > 0 && (
          <Segmented
            aria-label={t("move.channel")}
            options={options}
            value={channel}
            onChange={(value) => setChannel(value)}
          />
        )}
        <InputNumber
          ref={focus}
          value={quantity}
          min={1}
          precision={0}
          controls={false}
          className="move-quantity num"
          aria-label={t("move.quantity")}
          status={why ? "error" : ""}
          onKeyDown={chooseByArrow}
          onPressEnter={submit}
          onChange={(value) => {
            setTouched(true);
            setTyped(value);
          }}
        />
        <Button type="primary" htmlType="submit" disabled={why !== ""}>
          {t("move.go")}
        </Button>
        <Button onClick={() => openMove(null)}>{t("move.cancel")}</Button>
      </div>
      <Preflight item={row.item} move={move} why={why} />
      <small className="muted">{t("move.keys")}</small>
    </form>
  );
}
