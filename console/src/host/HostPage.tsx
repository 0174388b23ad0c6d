import { useEffect, useState } from "react";
import { type SkuDocument, useItems } from "../api/queries";
import { LiveContext } from "../live/context";
import { useLiveModel } from "../live/useLiveModel";
import { useLiveShow } from "../shows/queries";
import { HostBar } from "./HostBar";
import { HostItem } from "./HostItem";
import { HostPicker } from "./HostPicker";

function fromAddress(): string {
  return new URLSearchParams(window.location.search).get("sku") ?? "";
}

/** What the host reads from two metres away: one item, its number, and what to say. */
export function HostPage() {
  const model = useLiveModel();
  const items = useItems();
  const [chosen, setChosen] = useState(fromAddress);
  const [picking, setPicking] = useState(false);
  const show = useLiveShow();
  const followed = show?.spotlight ?? show?.current ?? "";
  const sku = chosen || (picking ? "" : followed);

  useEffect(() => {
    const back = () => setChosen(fromAddress());
    window.addEventListener("popstate", back);
    return () => window.removeEventListener("popstate", back);
  }, []);

  /** The choice stands in the address, so that the screen can be opened again on it. */
  function choose(next: string) {
    window.history.pushState(null, "", next ? `/host?sku=${encodeURIComponent(next)}` : "/host");
    setChosen(next);
    setPicking(next === "");
  }

  function follow() {
    choose("");
    setPicking(false);
  }

  const catalog: ReadonlyMap<string, SkuDocument> = items.data ?? new Map();
  return (
    <LiveContext.Provider value={model}>
      <div className="host">
        <HostBar
          sku={sku}
          catalog={catalog}
          choose={choose}
          follow={followed && followed !== sku ? follow : null}
        />
        {sku ? (
          <HostItem
            key={sku}
            sku={sku}
            item={catalog.get(sku)}
            show={show}
            nameOf={(each) => catalog.get(each)?.name ?? each}
          />
        ) : (
          <HostPicker catalog={catalog} choose={choose} />
        )}
      </div>
    </LiveContext.Provider>
  );
}
