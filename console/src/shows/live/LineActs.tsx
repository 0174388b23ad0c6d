import type { ShowDocument } from "../../api/types";
import { Guarded } from "../../ui/Guarded";
import { usePreferences } from "../../ui/preferences";
import type { Steps } from "./useSteps";

interface Props {
  show: ShowDocument;
  sku: string;
  steps: Steps;
  name: string;
}

/** What can be done with one line while the show is live. */
export function LineActs({ show, sku, steps, name }: Props) {
  const { t } = usePreferences();
  const item = show.items.find((each) => each.sku === sku);
  const lit = show.spotlight === sku;
  const of = (what: string) => t("rundown.of", { what, item: name });
  return (
    <>
      <Guarded
        size="small"
        aria-label={of(t(lit ? "show.spotlight.on" : "show.spotlight"))}
        why={lit ? t("show.spotlight.on") : steps.why.any}
        onClick={() => steps.run("spotlight", { sku })}
      >
        {t(lit ? "show.spotlight.on" : "show.spotlight")}
      </Guarded>
      {item?.state === "waiting" && (
        <Guarded
          size="small"
          aria-label={of(t("show.skip"))}
          why={steps.why.any}
          onClick={() => steps.run("skip", { sku })}
        >
          {t("show.skip")}
        </Guarded>
      )}
    </>
  );
}
