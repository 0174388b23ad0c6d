import { useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client";
import type { SkuBody, SkuDocument } from "../api/types";

/** Somebody else changed the item since it was read. */
export class ChangedMeanwhile extends Error {}

const path = (sku: string) => `/v1/skus/${encodeURIComponent(sku)}`;

/** Writes of items; each shows at once in every list of this page. */
export function useItemWrites() {
  const client = useQueryClient();
  const show = (item: SkuDocument) => {
    client.setQueryData<Map<string, SkuDocument>>(["skus"], (items) => {
      const next = new Map(items);
      next.set(item.sku, item);
      return next;
    });
    void client.invalidateQueries({ queryKey: ["skus"] });
    return item;
  };
  return {
    async create(sku: string, body: SkuBody): Promise<SkuDocument> {
      return show(await call<SkuDocument>("PUT", path(sku), body));
    },
    /** Replace an item, unless it is no longer as it was seen: PUT would wipe out the other's change. */
    async replace(seen: SkuDocument, body: SkuBody): Promise<SkuDocument> {
      const now = await call<SkuDocument>("GET", path(seen.sku));
      if (now.updated_at !== seen.updated_at) {
        show(now);
        throw new ChangedMeanwhile();
      }
      return show(await call<SkuDocument>("PUT", path(seen.sku), body));
    },
    async setFrozen(sku: string, frozen: boolean): Promise<SkuDocument> {
      return show(await call<SkuDocument>("POST", `${path(sku)}/${frozen ? "freeze" : "unfreeze"}`));
    },
  };
}
