/** The calls beside tables. What they do is in a file of its own, which comes with the first of them. */
import type { Instance } from "sysparm";
import type { Answered, Asked } from "./driver.js";
import { failed, invalid, text } from "./errors.js";
import { encodedQuery } from "./pages.js";
import { EXPECT } from "./reply.js";
import type { Send } from "./sending.js";
import type { Tools } from "./tools.js";
import { explainReply, headerLines } from "./wasm.js";

type Beside = Pick<Instance, "aggregate" | "batch" | "importSet" | "attachments">;
/** Its types are those of the contract; here it is a name. */
type Call = (tools: Tools, ...given: unknown[]) => Promise<never>;

const load = () => import("./other-apis.js");

export function besideTables(send: Send, table: Instance["table"]): Beside & { joining: Send } {
  const tools: Tools = { send, table, encodedQuery, invalid, failed, explainReply, headerLines };
  const call =
    (name: string, ...first: unknown[]) =>
    async (...given: unknown[]): Promise<never> =>
      ((await load()) as unknown as Record<string, Call>)[name]?.(tools, ...first, ...given) as Promise<never>;
  let joined: Promise<(asked: Asked) => Promise<Answered>> | undefined;
  return {
    aggregate: call("aggregate"),
    batch: call("batch"),
    importSet: (name) => {
      const staging = text("the staging table's name", name);
      return {
        name,
        insert: call("insert", staging),
        insertMultiple: call("insertMultiple", staging),
        results: call("results", staging),
      };
    },
    attachments: {
      list: call("list"),
      upload: call("upload"),
      download: call("download"),
      delete: call("remove"),
    },
    joining: async (asked) => {
      if (asked.method !== "GET" || asked.expect === EXPECT.untouched) return send(asked);
      joined ??= load().then(({ joining }) => joining(tools));
      return (await joined)(asked);
    },
  };
}
