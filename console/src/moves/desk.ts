import { ApiError, call, callUntilAnswered, newId } from "../api/client";
import { listingPath, withRule } from "../api/listings";
import type { ListingDocument, Problem, TransferBody } from "../api/types";
import { inverse, legOf, type Move, movesUnits, type Steering } from "./move";

export const UNDO_MS = 10_000;
const SHOWN = 6;

export type Status = "sending" | "done" | "undone" | "refused" | "unknown";

/** One move of this operator and what became of it. */
export interface Entry {
  id: string;
  move: Move;
  status: Status;
  /** Until when it can be taken back; 0 when it cannot. */
  undoUntil: number;
  problem: Problem | null;
}

/** What the desk tells the screen. */
export interface Screen {
  expect(id: string, move: Move): void;
  settle(id: string, sku: string): void;
}

type Send = (id: string, move: Move) => Promise<unknown>;

/** Hold a listing's right at a quantity, or leave it to the allocation again; the rest of its rule stays. */
async function steer(channel: string, { listing, fixed }: Steering): Promise<void> {
  const path = listingPath(channel, listing);
  const found: ListingDocument = await call("GET", path);
  await call("PUT", path, withRule(found, { ...found.rule, fixed }));
}

/** The call that a move is: a transfer under the move's id, or a switch that is the same when thrown twice. */
export function send(id: string, move: Move): Promise<unknown> {
  return callUntilAnswered(() => {
    if (move.steering) return steer(move.channel, move.steering);
    if (!movesUnits(move.kind)) {
      return call("POST", `/v1/skus/${encodeURIComponent(move.sku)}/${move.kind}`);
    }
    const body: TransferBody = { id, sku: move.sku, quantity: move.quantity, ...legOf(move) };
    return call("POST", "/v1/transfers", body);
  });
}

/** Sends moves, keeps the last ones, and takes them back while their window is open. */
export class MoveDesk {
  private entries: readonly Entry[] = [];
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly screen: Screen,
    private readonly answered: (id: string, move: Move) => void,
    private readonly transport: Send = send,
    private readonly now: () => number = Date.now,
  ) {}

  recent(): readonly Entry[] {
    return this.entries;
  }

  watch(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Do a move: shown at once, put back when it is refused. */
  async run(move: Move): Promise<void> {
    const entry: Entry = { id: newId("console"), move, status: "sending", undoUntil: 0, problem: null };
    this.entries = [entry, ...this.entries].slice(0, SHOWN);
    await this.attempt(entry);
  }

  /** Send a move again that got no answer, under its own id. */
  async retry(id: string): Promise<void> {
    const entry = this.entries.find((each) => each.id === id);
    if (entry?.status === "unknown") await this.attempt(entry);
  }

  /** The move that an undo would take back now. */
  undoable(): Entry | undefined {
    const now = this.now();
    return this.entries.find((entry) => entry.status === "done" && entry.undoUntil > now);
  }

  /** Take a move back by its opposite. */
  async undo(id: string): Promise<void> {
    const entry = this.entries.find((each) => each.id === id);
    if (entry?.status !== "done" || entry.undoUntil <= this.now()) return;
    // The window closes at once: a second press must not take back twice.
    this.change(id, { undoUntil: 0 });
    const back = inverse(entry.move);
    const undo: Entry = { id: `${id}~undo`, move: back, status: "sending", undoUntil: 0, problem: null };
    this.entries = [undo, ...this.entries].slice(0, SHOWN);
    if (await this.attempt(undo)) this.change(id, { status: "undone" });
  }

  private async attempt(entry: Entry): Promise<boolean> {
    const { id, move } = entry;
    this.change(id, { status: "sending", problem: null });
    this.screen.expect(id, move);
    try {
      await this.transport(id, move);
    } catch (error) {
      this.screen.settle(id, move.sku);
      if (error instanceof ApiError && error.problem.status !== 503) {
        this.change(id, { status: "refused", problem: error.problem });
      } else {
        this.change(id, { status: "unknown" });
      }
      return false;
    }
    this.change(id, { status: "done", undoUntil: move.undoes ? 0 : this.now() + UNDO_MS });
    this.answered(id, move);
    return true;
  }

  private change(id: string, part: Partial<Entry>): void {
    this.entries = this.entries.map((entry) => (entry.id === id ? { ...entry, ...part } : entry));
    for (const listener of this.listeners) listener();
  }
}
