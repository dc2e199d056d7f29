/** Tells the other tabs of this browser what changed, and hears what they changed. */
import type { Kind } from "./records";

/** One record of the store, or the secrets: some of them, or all where they were forgotten. */
export type Notice = { kind: Kind; id: string } | { secrets: "changed" | "forgotten" };

export interface Channel {
  /** Reaches every tab but this one. */
  send: (notice: Notice) => void;
  listen: (heard: (notice: Notice) => void) => void;
}

/** Null where the browser has no such channel: the revisions of records still keep tabs from overwriting each other. */
export function openChannel(name: string): Channel | null {
  if (typeof BroadcastChannel === "undefined") return null;
  const channel = new BroadcastChannel(name);
  return {
    send: (notice) => channel.postMessage(notice),
    listen: (heard) => channel.addEventListener("message", ({ data }) => heard(data as Notice)),
  };
}
