import type { OverlayDocument, SkuDocument } from "../../api/types";
import { Guarded } from "../../ui/Guarded";
import { Sheet } from "../../ui/list/Sheet";
import { useWhyNot } from "../../ui/may";
import { usePreferences } from "../../ui/preferences";
import { dateTime } from "../../ui/when";
import type { OverlayEnd } from "./EndOverlay";
import { lookOf } from "./look";

interface Props {
  overlays: readonly OverlayDocument[];
  items: ReadonlyMap<string, SkuDocument>;
  change(overlay: OverlayDocument): void;
  end(kind: OverlayEnd, name: string): void;
}

/** The overlays, one line each. */
export function OverlayTable({ overlays, items, change, end }: Props) {
  const { t } = usePreferences();
  const mayNotChange = useWhyNot("operator");
  const mayNotEnd = useWhyNot("administrator");
  return (
    <Sheet label={t("settings.tab.overlays")}>
      <thead>
        <tr>
          {(["name", "items", "look", "state", "created", "by"] as const).map((column) => (
            <th key={column} scope="col">
              {t(`overlays.${column}`)}
            </th>
          ))}
          <th scope="col">{t("keys.acts")}</th>
        </tr>
      </thead>
      <tbody>
        {overlays.map((overlay) => (
          <tr
            key={`${overlay.name} ${overlay.created_at}`}
            className={overlay.live ? "" : "is-ended"}
            data-overlay={overlay.name}
          >
            <th scope="row">{overlay.name}</th>
            <td className="overlay-items">
              {overlay.skus.map((sku) => items.get(sku)?.name ?? sku).join("、")}
            </td>
            <td>{lookWord(t, overlay)}</td>
            <td>{t(overlay.live ? "keys.state.live" : "keys.state.revoked")}</td>
            <td className="num">{dateTime(overlay.created_at)}</td>
            <td>{overlay.created_by}</td>
            <td className="sheet-acts">
              {overlay.live && (
                <>
                  <Guarded size="small" why={mayNotChange} onClick={() => change(overlay)}>
                    {t("overlays.change")}
                  </Guarded>
                  <Guarded size="small" why={mayNotEnd} onClick={() => end("rotate", overlay.name)}>
                    {t("overlays.rotate")}
                  </Guarded>
                  <Guarded size="small" danger why={mayNotEnd} onClick={() => end("revoke", overlay.name)}>
                    {t("overlays.revoke")}
                  </Guarded>
                </>
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </Sheet>
  );
}

function lookWord(t: ReturnType<typeof usePreferences>["t"], overlay: OverlayDocument): string {
  const { theme, layout, place, language } = lookOf(overlay);
  const words = [
    t(`overlays.theme.${theme}`),
    t(`overlays.layout.${layout}`),
    t(`overlays.place.${place}`),
    t(`overlays.language.${language}`),
  ];
  return words.join(" · ");
}
