import { useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/client";
import type { ChannelBody, ChannelDocument } from "../../api/types";

/** The address of a channel, or of a part of it. */
export function channelPath(channel: string, part = ""): string {
  return `/v1/channels/${encodeURIComponent(channel)}${part}`;
}

/** The writes of this page; each lets what is shown be read again. */
export function useWrite() {
  const client = useQueryClient();
  const again = () =>
    Promise.all(
      [["channels"], ["sync"], ["listings"], ["connection"]].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
  const write = async <T>(method: "PUT" | "POST" | "DELETE", path: string, body?: unknown): Promise<T> => {
    const answer = await call<T>(method, path, body);
    await again();
    return answer;
  };
  return {
    write,
    freeze({ channel, platform, name }: ChannelDocument, frozen: boolean): Promise<ChannelDocument> {
      const body: ChannelBody = { platform, name, frozen };
      return write("PUT", channelPath(channel), body);
    },
  };
}
