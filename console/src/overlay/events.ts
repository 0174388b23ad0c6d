/** One Server-Sent Event; a comment is none, but it shows that the line is alive. */
export interface FeedEvent {
  id: string;
  name: string;
  data: string;
}

/** Cuts a stream of text into events, whatever pieces it comes in. */
export class EventCutter {
  private rest = "";

  take(text: string): FeedEvent[] {
    const blocks = (this.rest + text).split("\n\n");
    this.rest = blocks.pop() ?? "";
    return blocks.map(read).filter((event) => event.data !== "");
  }
}

function read(block: string): FeedEvent {
  const event = { id: "", name: "", data: "" };
  for (const line of block.split("\n")) {
    const [field, value] = halves(line);
    if (field === "id") event.id = value;
    else if (field === "event") event.name = value;
    else if (field === "data") event.data = value;
  }
  return event;
}

function halves(line: string): [string, string] {
  const at = line.indexOf(": ");
  return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 2)];
}
