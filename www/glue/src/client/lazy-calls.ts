/** Loads the aggregate, batch, import set, attachment and Service Catalog APIs on first use. */
import type { Attachments, Catalog, ImportSet, Instance } from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import { ExpectedBody } from "../protocol/codes.js";
import type { Send } from "../protocol/send.js";
import { callerHeaders } from "./effects/fetch-request.js";
import { failed, invalid, text } from "./errors.js";
import { headerLines } from "./wasm.js";

type LazyCalls = Pick<Instance, "aggregate" | "batch" | "importSet" | "attachments" | "catalog">;
/** The contract in index.d.ts has the types; here only names matter. */
type Call = (context: CallContext, ...given: unknown[]) => Promise<never>;

const CATALOG =
  "catalogs categories items item checkVariables order addToCart cart updateCart removeFromCart emptyCart checkout submitOrder submitProducer request";

/** The calls of an instance whose code is loaded by the first of them. */
export function lazyCalls(
  send: Send,
  table: CallContext["table"],
  explainReply: CallContext["explainReply"],
): LazyCalls & { joining: Send } {
  const context: CallContext = { send, table, callerHeaders, invalid, failed, explainReply, headerLines };
  const calls = (load: () => Promise<object>, names: string, ...first: unknown[]) => {
    const call = (name: string) => [
      name,
      async (...given: unknown[]): Promise<never> =>
        ((await load()) as Record<string, Call>)[name]?.(context, ...first, ...given) as Promise<never>,
    ];
    return Object.fromEntries(names.split(" ").map(call));
  };
  const others = () => import("../calls/index.js");
  let joined: Send | undefined;
  return {
    ...(calls(others, "aggregate batch") as Pick<LazyCalls, "aggregate" | "batch">),
    importSet: (name) => ({ name, ...calls(others, "insert insertMultiple results", text("name", name)) }) as ImportSet,
    attachments: calls(others, "list upload download delete") as unknown as Attachments,
    catalog: calls(() => import("../catalog/index.js"), CATALOG) as unknown as Catalog,
    async joining(asked) {
      const isPlain = asked.expect !== ExpectedBody.untouched && !asked.headers && !asked.params;
      if (asked.method !== "GET" || !isPlain) return send(asked);
      const { joining } = await others();
      joined ??= joining(context);
      return joined(asked);
    },
  };
}
