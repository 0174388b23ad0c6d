import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { readAgain } from "../src/api/readAgain";

/** A query whose reads end when the test says so, each with the value of then. */
function watched() {
  const client = new QueryClient();
  const ends: ((value: string) => void)[] = [];
  const queryFn = () => new Promise<string>((end) => ends.push(end));
  const observer = new QueryObserver(client, { queryKey: ["shows"], queryFn });
  const leave = observer.subscribe(() => {});
  return { client, ends, leave, value: () => client.getQueryData(["shows"]) };
}

const soon = () => new Promise((done) => setTimeout(done));

describe("reading again what a document changed", () => {
  it("reads once more behind a first read that began before the change", async () => {
    const { client, ends, leave, value } = watched();
    const again = readAgain(client, "shows");
    ends[0]?.("before the change");
    await soon();
    expect(ends).toHaveLength(2);
    ends[1]?.("after it");
    await again;
    expect(value()).toBe("after it");
    leave();
  });

  it("reads once where something was read before", async () => {
    const { client, ends, leave, value } = watched();
    ends[0]?.("first");
    await soon();
    const again = readAgain(client, "shows");
    await soon();
    ends[1]?.("second");
    await again;
    expect(ends).toHaveLength(2);
    expect(value()).toBe("second");
    leave();
  });
});
