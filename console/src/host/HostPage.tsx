import { useEffect, useState } from "react";
import { useItems } from "../api/queries";
import { LiveContext } from "../live/context";
import { useLiveModel } from "../live/useLiveModel";
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
  const [sku, setSku] = useState(fromAddress);

  useEffect(() => {
    const back = () => setSku(fromAddress());
    window.addEventListener("popstate", back);
    return () => window.removeEventListener("popstate", back);
  }, []);

  /** The choice stands in the address, so that the screen can be opened again on it. */
  function choose(next: string) {
    window.history.pushState(null, "", next ? `/host?sku=${encodeURIComponent(next)}` : "/host");
    setSku(next);
  }

  const catalog = items.data ?? new Map();
  return (
    <LiveContext.Provider value={model}>
      <div className="host">
        <HostBar sku={sku} catalog={catalog} choose={choose} />
        {sku ? (
          <HostItem key={sku} sku={sku} item={catalog.get(sku)} />
        ) : (
          <HostPicker catalog={catalog} choose={choose} />
        )}
      </div>
    </LiveContext.Provider>
  );
}
