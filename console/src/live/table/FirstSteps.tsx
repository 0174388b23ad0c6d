import { Link } from "wouter";
import { usePreferences } from "../../ui/preferences";
import { useLive, useOrder } from "../context";
import { useRoom } from "../room";
import { useNow } from "../useNow";

const LOOK_MS = 1_000;

/** What is left to do before a first sale; gone as soon as something can be sold somewhere. */
export function FirstSteps() {
  const { t } = usePreferences();
  useNow(LOOK_MS);
  const { store } = useLive();
  const { channels } = useRoom();
  const rows = useOrder().map((sku) => store.row(sku)?.item);
  const steps = [
    { word: "first.item", to: "/console/items", done: rows.length > 0 },
    { word: "first.channel", to: "/console/channels", done: channels.length > 0 },
    {
      word: "first.stock",
      key: "A",
      done: rows.some((item) => item && item.available + item.reserve + item.sold > 0),
    },
    { word: "first.give", key: "G", done: rows.some((item) => item && item.channels.size > 0) },
  ] as const;
  if (steps.every((step) => step.done)) return null;
  return (
    <section className="first-steps" aria-label={t("first.title")}>
      <h2>{t("first.title")}</h2>
      <ol>
        {steps.map((step) => (
          <li key={step.word} className={step.done ? "is-done" : ""} data-done={step.done}>
            <span aria-hidden="true">{step.done ? "✓" : "○"}</span>{" "}
            {"to" in step ? <Link href={step.to}>{t(step.word)}</Link> : t(step.word)}
            {"key" in step && <kbd>{step.key}</kbd>}
          </li>
        ))}
      </ol>
      <p className="muted">{t("first.more")}</p>
    </section>
  );
}
