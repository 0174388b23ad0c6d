import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../api/client";
import type { LinesBody, LinesDocument, LinesPage, WarningDocument, WarningPage } from "../api/types";

/** The feed tells of what is raised, eased and cleared; the figures of what stands move without it. */
const FIGURES_MS = 2_000;

async function readWarnings(): Promise<WarningDocument[]> {
  return (await call<WarningPage>("GET", "/v1/warnings")).items;
}

/** The warnings that stand, the worst first. */
export function useWarnings() {
  return useQuery({
    queryKey: ["warnings"],
    queryFn: readWarnings,
    refetchInterval: FIGURES_MS,
  });
}

/** How loud the warning of one item is and what it says, as last read; nothing is asked for here. */
export function useWarningOf(sku: string) {
  const { data } = useQuery({
    queryKey: ["warnings"],
    queryFn: readWarnings,
    enabled: false,
    select: (found) => {
      const warning = found.find((each) => each.sku === sku);
      return warning ? { level: warning.level, zh: warning.zh.title, en: warning.en.title } : null;
    },
  });
  return data ?? null;
}

/** The lines of all items, then those of single ones. */
export function useLines() {
  return useQuery({
    queryKey: ["warning-lines"],
    queryFn: async () => (await call<LinesPage>("GET", "/v1/warning-lines")).items,
  });
}

const ofSku = (sku: string | null) => (sku === null ? "" : `/${encodeURIComponent(sku)}`);

/** Writes of warnings and their lines. */
export function useWarningWrites() {
  const client = useQueryClient();
  const after = async <T>(key: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } finally {
      await client.invalidateQueries({ queryKey: [key] });
    }
  };
  return {
    acknowledge: (sku: string) =>
      after("warnings", call<WarningDocument>("POST", `/v1/warnings${ofSku(sku)}/acknowledge`)),
    setLines: (sku: string | null, lines: LinesBody) =>
      after("warning-lines", call<LinesDocument>("PUT", `/v1/warning-lines${ofSku(sku)}`, lines)),
    dropLines: (sku: string | null) =>
      after("warning-lines", call<LinesDocument>("DELETE", `/v1/warning-lines${ofSku(sku)}`)),
  };
}
