/** The calls beside tables. What they do is in a file of its own, which comes with the first of them. */
import type { Attachments, ImportSet, Instance } from "sysparm";
import type { Tools } from "../protocol/call-context.js";
import { ExpectedBody } from "../protocol/codes.js";
import type { Send } from "../protocol/send.js";
import { callerHeaders } from "./effects/fetch-request.js";
import { failed, invalid, text } from "./errors.js";
import { headerLines } from "./wasm.js";

type Beside = Pick<Instance, "aggregate" | "batch" | "importSet" | "attachments">;
/** Its types are those of the contract; here it is a name. */
type Call = (tools: Tools, ...given: unknown[]) => Promise<never>;

export function besideTables(
  send: Send,
  table: Instance["table"],
  explainReply: Tools["explainReply"],
): Beside & { joining: Send } {
  const tools: Tools = { send, table, callerHeaders, invalid, failed, explainReply, headerLines };
  const calls = (names: string, ...first: unknown[]) => {
    const call = (name: string) => [
      name,
      async (...given: unknown[]): Promise<never> =>
        ((await import("../calls/index.js")) as unknown as Record<string, Call>)[name]?.(
          tools,
          ...first,
          ...given,
        ) as Promise<never>,
    ];
    return Object.fromEntries(names.split(" ").map(call));
  };
  let joined: Send | undefined;
  return {
    ...(calls("aggregate batch") as Pick<Beside, "aggregate" | "batch">),
    importSet: (name) => ({ name, ...calls("insert insertMultiple results", text("name", name)) }) as ImportSet,
    attachments: calls("list upload download delete") as unknown as Attachments,
    async joining(asked) {
      if (asked.method !== "GET" || asked.expect === ExpectedBody.untouched) return send(asked);
      const { joining } = await import("../calls/index.js");
      joined ??= joining(tools);
      return joined(asked);
    },
  };
}
