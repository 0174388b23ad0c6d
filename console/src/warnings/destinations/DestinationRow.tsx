import type { DestinationDocument, TestDocument } from "../../api/types";
import { clock, units } from "../../i18n/format";
import { Guarded } from "../../ui/Guarded";
import { usePreferences } from "../../ui/preferences";
import { dateTime } from "../../ui/when";
import type { Act } from "./DestinationTable";
import { type Kind, stateOf } from "./destination";

interface Props {
  found: DestinationDocument;
  test: TestDocument | "running" | undefined;
  whyNot: string | null;
  act(kind: Act): void;
}

const SIGNS = { off: "○", failing: "✕", fine: "✓", new: "·" } as const;

/** One destination: what it hears, how its delivery stands, and what can be done. */
export function DestinationRow({ found, test, whyNot, act }: Props) {
  const { t, language } = usePreferences();
  const { delivery, enabled, level } = found;
  const state = stateOf(found);
  const items = found.skus.length ? t("dest.skus.some", { n: found.skus.length }) : t("dest.skus.all");
  const testing = test === "running";
  return (
    <tr data-destination={found.destination} className={enabled ? "" : "is-ended"}>
      <th scope="row">
        {found.name}
        <small className="destination-kind muted">
          {t(`dest.kind.${found.kind as Kind}`)} · {found.host}
        </small>
      </th>
      <td>
        {t(`dest.level.${level}`)}
        <small className="destination-kind muted">
          {items}
          {found.kind !== "webhook" && ` · ${t(`dest.language.${found.language as "zh" | "en"}`)}`}
        </small>
      </td>
      <td data-testid="state">
        <span className={`destination-state is-${state}`}>
          <span aria-hidden="true">{SIGNS[state]}</span> {t(`dest.state.${state}`)}
        </span>
        {delivery.paused_until && (
          <small className="destination-kind num">
            {t("dest.state.until", { at: clock(new Date(delivery.paused_until)) })}
          </small>
        )}
        {delivery.given_up > 0 && (
          <small className="destination-kind is-failing num">
            {t("dest.state.gave_up", { n: units(delivery.given_up) })}
          </small>
        )}
      </td>
      <td className="num">{units(delivery.waiting)}</td>
      <td className="num">{delivery.last_success_at ? dateTime(delivery.last_success_at) : "–"}</td>
      <td className="destination-error">
        {delivery.last_error && delivery.last_error_at ? (
          <>
            <span className="num muted">{dateTime(delivery.last_error_at)}</span>{" "}
            {delivery.last_error[language]}
          </>
        ) : (
          "–"
        )}
        {test && (
          <output className={`destination-test ${testing ? "muted" : test.ok ? "is-fine" : "is-failing"}`}>
            {testing
              ? t("dest.testing")
              : `${test.ok ? "✓" : "✕"} ${t("dest.test.ok", { said: test[language] })}`}
          </output>
        )}
      </td>
      <td className="sheet-acts">
        <Guarded
          size="small"
          why={whyNot ?? (enabled ? null : t("dest.why.test_off"))}
          loading={testing}
          onClick={() => act("test")}
        >
          {t("dest.test")}
        </Guarded>
        <Guarded size="small" why={whyNot} onClick={() => act(enabled ? "pause" : "resume")}>
          {t(enabled ? "dest.pause" : "dest.resume")}
        </Guarded>
        <Guarded size="small" why={whyNot} onClick={() => act("change")}>
          {t("dest.change")}
        </Guarded>
        <Guarded size="small" danger why={whyNot} onClick={() => act("remove")}>
          {t("dest.remove")}
        </Guarded>
      </td>
    </tr>
  );
}
