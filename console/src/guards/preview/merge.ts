import type {
  GuardPreviewCluster,
  GuardPreviewCount,
  GuardPreviewDocument,
  GuardPreviewExample,
} from "../../api/types";

const CLUSTERS_MAX = 10;
const EXAMPLES_MAX = 20;

/** What the rules of several items come to together. */
export interface Merged {
  tried: number;
  placed: number;
  withSignals: number;
  outcomes: GuardPreviewCount[];
  examples: GuardPreviewExample[];
  clusters: GuardPreviewCluster[];
  /** Items of which not all of the time was looked at. */
  stopped: string[];
}

const EMPTY: Merged = {
  tried: 0,
  placed: 0,
  withSignals: 0,
  outcomes: [],
  examples: [],
  clusters: [],
  stopped: [],
};

function summed<T>(all: readonly T[], key: (each: T) => string, add: (a: T, b: T) => T): T[] {
  const found = new Map<string, T>();
  for (const each of all) {
    const before = found.get(key(each));
    found.set(key(each), before ? add(before, each) : each);
  }
  return [...found.values()];
}

/** Take in the answer for one more item. */
export function merge(before: Merged | null, sku: string, found: GuardPreviewDocument): Merged {
  const { tried, placed, withSignals, outcomes, examples, clusters, stopped } = before ?? EMPTY;
  return {
    tried: tried + found.tried,
    placed: placed + found.placed,
    withSignals: withSignals + found.with_signals,
    outcomes: summed(
      [...outcomes, ...found.outcomes],
      (each) => `${each.outcome} ${each.code}`,
      (a, b) => ({ ...a, tries: a.tries + b.tries }),
    ).sort((a, b) => b.tries - a.tries),
    examples: [...examples, ...found.examples].slice(0, EXAMPLES_MAX),
    clusters: summed(
      [...clusters, ...found.clusters],
      (each) => `${each.kind} ${each.value}`,
      (a, b) => ({
        ...a,
        tries: a.tries + b.tries,
        stopped: a.stopped + b.stopped,
        // The same buyers may be behind both: what is sure is the larger number.
        buyers: Math.max(a.buyers, b.buyers),
      }),
    )
      .sort((a, b) => b.tries - a.tries)
      .slice(0, CLUSTERS_MAX),
    stopped: found.stopped_early ? [...stopped, sku] : stopped,
  };
}
