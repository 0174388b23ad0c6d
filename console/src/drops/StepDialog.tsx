import type { DropDocument } from "../api/types";
import { units } from "../i18n/format";
import { Confirm } from "../ui/dialogs/Confirm";
import { usePreferences } from "../ui/preferences";
import { dateTime } from "../ui/when";
import { leftoverWord } from "./drop";
import { type Step, useDropWrites } from "./queries";

interface Props {
  drop: DropDocument;
  step: Step;
  channelName(channel: string): string;
  close(): void;
}

/** Says what a step will do before it does it. */
export function StepDialog({ drop, step, channelName, close }: Props) {
  const { t } = usePreferences();
  const writes = useDropWrites();
  const facts = {
    n: units(drop.quantity),
    sku: drop.sku,
    at: dateTime(drop.opens_at),
    leftover: leftoverWord(t, drop),
    channels: Object.entries(drop.channels)
      .map(([channel, each]) => `${channelName(channel)} ${units(each)}`)
      .join(" · "),
  };
  return (
    <Confirm
      title={`${t(`drops.act.${step}`)} · ${drop.id}`}
      act={t(`drops.act.${step}`)}
      cancel={t("drops.back")}
      danger={step === "cancel" || step === "close"}
      run={async () => {
        await writes.step(drop.id, step);
        close();
      }}
      close={close}
    >
      <p>{t(`drops.ask.${step}`, facts)}</p>
    </Confirm>
  );
}
