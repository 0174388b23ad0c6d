import { useEffect, useRef, useState } from "react";
import { call } from "../../api/client";
import type { GuardBody, GuardPreviewDocument } from "../../api/types";
import { type Merged, merge } from "./merge";
import type { Span } from "./span";

export interface Job {
  sku: string;
  guard: GuardBody;
}

export interface Preview {
  running: boolean;
  /** Items that are done, of how many. */
  done: number;
  all: number;
  found: Merged | null;
  error: unknown;
  stopped: boolean;
  run(jobs: readonly Job[], span: Span): Promise<void>;
  stop(): void;
}

type Facts = Omit<Preview, "run" | "stop">;
const IDLE: Facts = { running: false, done: 0, all: 0, found: null, error: null, stopped: false };

/** Rules tried on the past, one item after the other, so that there is progress and a way to stop. */
export function usePreview(): Preview {
  const [facts, setFacts] = useState(IDLE);
  const stopped = useRef(false);
  // A page that is left asks no more.
  useEffect(
    () => () => {
      stopped.current = true;
    },
    [],
  );
  return {
    ...facts,
    async run(jobs, span) {
      stopped.current = false;
      setFacts({ ...IDLE, running: true, all: jobs.length });
      let found: Merged | null = null;
      let done = 0;
      let error: unknown = null;
      try {
        for (const job of jobs) {
          if (stopped.current) break;
          const body = { ...job, ...span };
          found = merge(found, job.sku, await call<GuardPreviewDocument>("POST", "/v1/guards/preview", body));
          done += 1;
          setFacts({ ...IDLE, running: true, all: jobs.length, done, found });
        }
      } catch (cause) {
        error = cause;
      }
      setFacts({ ...IDLE, all: jobs.length, done, found, error, stopped: stopped.current });
    },
    stop() {
      stopped.current = true;
    },
  };
}
