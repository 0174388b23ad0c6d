import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { LagMeter } from "../src/feed/lag";
import { StockStore } from "../src/feed/store";
import { view } from "./views";

const SKUS = 500;
const CHANGES_PER_S = 1_000;
const HOUR_S = 3_600;
const FRAMES_PER_S = 4;
/** By then every memory of the past is as long as it gets. */
const FULL_S = 900;

setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

function heapBytes(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

it("keeps what a page remembers flat over an hour of 500 items at 1,000 changes a second", () => {
  const store = new StockStore();
  const lag = new LagMeter();
  const sold = new Array<number>(SKUS).fill(0);
  let version = 0;
  const viewOf = (number: number) => {
    const taken = sold[number] ?? 0;
    const rights = Object.fromEntries(
      [0, 1, 2, 3].map((place) => [
        `channel:c${place}`,
        [900_000, (taken >> place) % 50] as [number, number],
      ]),
    );
    return view(`SKU-${number}`, ++version, { unallocated: 40, reserve: 12, ...rights });
  };
  store.restart(
    sold.map((_, number) => viewOf(number)),
    0,
  );
  let fullBytes = 0;
  for (let second = 0; second < HOUR_S; second++) {
    if (second === FULL_S) fullBytes = heapBytes();
    for (let frame = 0; frame < FRAMES_PER_S; frame++) {
      const now = second * 1_000 + frame * (1_000 / FRAMES_PER_S);
      for (let change = 0; change < CHANGES_PER_S / FRAMES_PER_S; change++) {
        const number = (change * 7 + frame * 131 + second * 17) % SKUS;
        sold[number] = (sold[number] ?? 0) + 1;
        store.receive(viewOf(number), now);
      }
      store.flush(now);
      const pulse = { at_ms: now, lag_ms: 3 };
      lag.heard(pulse, now);
      lag.shown(pulse, now + 5);
    }
    store.tick();
    if (second % 2 === 0) store.sort(second * 1_000);
  }
  const grown = heapBytes() / fullBytes - 1;
  process.stdout.write(
    `heap at ${FULL_S} s: ${(fullBytes / 2 ** 20).toFixed(1)} MiB, at the end ${(grown * 100).toFixed(1)} % more\n`,
  );
  expect(store.skus()).toHaveLength(SKUS);
  expect(grown).toBeLessThan(0.05);
}, 120_000);
