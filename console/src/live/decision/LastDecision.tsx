import { useQuery } from "@tanstack/react-query";
import { call } from "../../api/client";
import type { TransferPage } from "../../api/types";
import { clock, units } from "../../i18n/format";
import { paceWords } from "../../ledger/words";
import { usePreferences } from "../../ui/preferences";
import { useRoom } from "../room";

const READ_MS = 3_000;
/** Who moves units for the allocation. */
const ALLOCATION = "sync:rights";

/** What the allocation last did with an item, and why; of an item it never moved, nothing. */
export function LastDecision({ sku }: { sku: string }) {
  const { t } = usePreferences();
  const { channels } = useRoom();
  const { data } = useQuery({
    queryKey: ["decision", sku],
    queryFn: async () => {
      const query = new URLSearchParams({ sku, actor: ALLOCATION, limit: "1" });
      return (await call<TransferPage>("GET", `/v1/transfers?${query}`)).items[0] ?? null;
    },
    refetchInterval: READ_MS,
  });
  if (!data) return null;
  const given = data.to.startsWith("channel:");
  const nameOf = (code: string) => channels.find((each) => each.channel === code)?.name ?? code;
  const channel = nameOf((given ? data.to : data.from).replace(/^channel:/, ""));
  const said = { at: clock(new Date(data.recorded_at)), channel, n: units(data.quantity) };
  return (
    <small className="muted num dock-decision" data-testid="decision">
      {t(given ? "decision.give" : "decision.take", said)}
      <br />
      {paceWords(t, data.pace, nameOf)}
    </small>
  );
}
