import { Button } from "antd";
import { useEffect } from "react";
import type { SkuDocument } from "../api/queries";
import { useLive, useOrder } from "../live/context";
import { LineState } from "../live/strip/LineState";
import { usePreferences } from "../ui/preferences";
import { neighbour } from "./saying";

interface Props {
  sku: string;
  catalog: ReadonlyMap<string, SkuDocument>;
  choose(sku: string): void;
  /** Back to the item on air of the live show; null where that is shown, or there is none. */
  follow: (() => void) | null;
}

/** Connection, and the way to another item. */
export function HostBar({ sku, catalog, choose, follow }: Props) {
  const { t, switchLanguage } = usePreferences();
  const { store } = useLive();
  const any = useOrder().length > 0;

  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      if (by && sku) choose(neighbour(store.skus(), sku, by));
      else if (event.key === "Escape") choose("");
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [store, sku, choose]);

  const go = (by: 1 | -1) => choose(neighbour(store.skus(), sku, by));
  const next = neighbour(store.skus(), sku, 1);
  return (
    <header className="host-bar">
      <h1>{t("host.title")}</h1>
      <LineState />
      <span className="host-tools">
        <Button type="text" onClick={switchLanguage} title={t("app.language.label")}>
          {t("app.language")}
        </Button>
        {follow && (
          <Button type="primary" onClick={follow}>
            {t("host.follow")}
          </Button>
        )}
        {sku && any && (
          <>
            <Button onClick={() => go(-1)}>‹ {t("host.previous")}</Button>
            <Button onClick={() => choose("")}>{t("host.choose")}</Button>
            <Button onClick={() => go(1)}>
              {t("host.next")} {catalog.get(next)?.name ?? next} ›
            </Button>
          </>
        )}
      </span>
    </header>
  );
}
