/** A Node program without the DOM's types. */
import { connect, type Instance, load, type Table } from "sysparm";
import { examine } from "sysparm/doctor";
import { httpFetch } from "sysparm/node-http";
import { load as loadQueries, Query } from "sysparm/query";
import { schema } from "sysparm/schema";
import { memory } from "sysparm/stores";
import { reconcile, sync } from "sysparm/sync";
import { practiceInstance } from "sysparm/testing";
import { read } from "sysparm/values";

export const entries = [connect, load, examine, httpFetch, loadQueries, Query, schema, memory, sync, reconcile, read];

export const practice = (): Promise<Instance> => practiceInstance().then(({ connection }) => connect(connection));

/** What a caller passes on may be undefined, as `signal` may. */
export const list = (table: Table, query?: string, fields?: string[], limit?: number, signal?: AbortSignal) =>
  table.list({ query, fields, limit, signal });

export async function open(bytes: Uint8Array, release?: string, scope?: string): Promise<Instance> {
  await load(bytes);
  const { privateKey: key } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
  const auth = { grant: "jwt_bearer", clientId: "id", subject: "user", key, scope } as const;
  // @ts-expect-error text is no key
  await connect({ url: "https://x.example", auth: { ...auth, key: "secret" } });
  // @ts-expect-error a number is no WebAssembly
  await load(1);
  return connect({ url: "https://x.example", auth, release, pace: { attempts: undefined } });
}
