import type { SkuDocument } from "../../api/queries";
import type { ShowDocument } from "../../api/types";
import { clock } from "../../i18n/format";
import { usePreferences } from "../../ui/preferences";
import { stepWord } from "../words";

const SHOWN = 30;

/** Who did what, the newest first: a colleague's steps as well as one's own. */
export function StepList({
  show,
  catalog,
}: {
  show: ShowDocument;
  catalog: ReadonlyMap<string, SkuDocument>;
}) {
  const { t } = usePreferences();
  const steps = show.steps.slice(-SHOWN).reverse();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached without a mouse.
    <section className="control-steps" aria-label={t("show.steps")} tabIndex={0}>
      <ol>
        {steps.map((step) => (
          <li key={`${step.at} ${step.action} ${step.sku}`} className="num" data-testid="step">
            <span className="muted">{clock(new Date(step.at))}</span> {stepWord(t, step.action)}{" "}
            {step.sku ? (catalog.get(step.sku)?.name ?? step.sku) : ""}{" "}
            <span className="muted">{step.actor.replace(/^key:/, "")}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
