import type { Problem, ProblemCode } from "./types";

/** A problem document that the server answered with. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }

  is(code: ProblemCode): boolean {
    return this.problem.code === code;
  }
}

/** The server could not be asked at all. */
export class NoAnswer extends Error {}

type Method = "GET" | "PUT" | "POST" | "DELETE";

/** Make one call with the session's cookie, a file as it is and all else as JSON; throws ApiError or NoAnswer. */
export async function call<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = {};
  // The server takes a session's write only with this header, which no foreign page can send.
  if (method !== "GET") headers["X-Holdfast-Console"] = "1";
  const request: RequestInit = { method, headers, credentials: "same-origin" };
  if (body instanceof Blob) request.body = body;
  else if (body !== undefined) {
    headers["Content-Type"] = "application/json";
    request.body = JSON.stringify(body);
  }
  let answer: Response;
  try {
    answer = await fetch(path, request);
  } catch (error) {
    throw new NoAnswer(String(error));
  }
  const document: unknown = await answer.json().catch(() => null);
  if (answer.ok) return document as T;
  throw new ApiError(document && typeof document === "object" ? (document as Problem) : unreadable(answer));
}

function unreadable(answer: Response): Problem {
  const detail = `${answer.status} ${answer.statusText}`;
  return { type: "", title: detail, status: answer.status, code: "internal_error", detail, request_id: "" };
}

const TRIES = 4;
const FIRST_WAIT_MS = 300;

/** Make a call whose repeat changes nothing again and again until there is an answer that stands. */
export async function callUntilAnswered<T>(
  make: () => Promise<T>,
  wait: (ms: number) => Promise<void> = (ms) => new Promise((done) => setTimeout(done, ms)),
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await make();
    } catch (error) {
      const passing =
        error instanceof NoAnswer || (error instanceof ApiError && error.problem.status === 503);
      if (!passing || tries === TRIES) throw error;
      await wait(FIRST_WAIT_MS * 2 ** (tries - 1));
    }
  }
}

/** A new idempotency key; `randomUUID` is missing on plain HTTP from another machine. */
export function newId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `${prefix}-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
