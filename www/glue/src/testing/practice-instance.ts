/** A practice instance in memory: its `fetch`, its accounts, and its control interface as functions. */
import type { PracticeInstanceOptions } from "sysparm/testing";
import { requestError } from "../errors/index.js";
import { checkOptions, FUNCTION, OBJECT, type OptionTypes, TEXT, wholeNumber } from "../protocol/check-options.js";
import { exchange, type Network } from "./exchange.js";
import { handled, simulations } from "./wasm.js";

const OPTIONS: OptionTypes<PracticeInstanceOptions> = {
  now: FUNCTION,
  release: TEXT,
  rows: wholeNumber(0, 1_000_000),
  scenario: TEXT,
  seed: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  switches: OBJECT,
};

const HOST = "practice.service-now.com";
const CONTROL = "/__practice/";

export const practiceInstance: typeof import("sysparm/testing").practiceInstance = async (options = {}) => {
  checkOptions(options, OPTIONS, requestError);
  const { now = Date.now, rows = 1000, release, scenario, seed = 7, switches = {} } = options;
  await simulations.load();
  const settings = JSON.stringify({ rows, seed, release, switches });
  const network: Network = { address: `https://${HOST}`, now, simulated: created(settings, now()) };

  const control = (method: string, path: string, content?: unknown, refuse = unsupported) => {
    const body = content === undefined ? "" : JSON.stringify(content);
    const headers = ["host", "127.0.0.1", "content-type", "application/json"];
    const bytes = new TextEncoder().encode(body);
    const answer = handled(network.simulated, method, CONTROL + path, headers, bytes, now());
    const reply = JSON.parse(new TextDecoder().decode(answer.body));
    if (answer.status >= 400) throw refuse(reply.error);
    return reply;
  };
  const begin = (name: string): string => control("POST", "scenario", { name }).symptom;
  if (scenario !== undefined) begin(scenario);
  const accounts = control("GET", "accounts");
  const [client] = accounts.clients;
  const url = network.address;
  // Async: a request that cannot be made rejects, as with fetch.
  const send: typeof fetch = async (input, init) => exchange(network, new Request(input, init));
  const auth = { grant: "client_credentials", clientId: client.client_id, clientSecret: client.client_secret } as const;
  return {
    url,
    fetch: send,
    connection: { url, auth, fetch: send },
    accounts,
    scenarios: () => control("GET", "scenarios").scenarios,
    begin,
    switches: (changes) => control("POST", "switches", changes, unreadable("argument `changes`")).switches,
    revokeTokens: () => void control("POST", "revoke-tokens"),
    journal: () => control("GET", "journal").requests,
    reset: () => void control("POST", "reset"),
  };
};

function created(settings: string, now: number) {
  try {
    return new simulations.glue.PracticeInstance(settings, HOST, now);
  } catch (error) {
    throw unreadable("option `release` or `switches`")((error as Error).message);
  }
}

/** The instance's own sentence. */
const unsupported = (why: string) => requestError("options.type", why);

/** The JSON parser names a member or a value and what it expects, and a place in a text that the caller has not written. */
const unreadable = (what: string) => (why: string) => {
  const [, kind, given, expected = ""] =
    /^unknown (field|variant) `(.*?)`, expected (?:one of )?(.*?)(?: at line|$)/.exec(why) ?? [];
  const names = expected.replaceAll("`", "").replace(/ or /g, ", ");
  if (kind === "field") return unsupported(`Unknown switch \`${given}\` in ${what}. Supported switches: ${names}.`);
  if (kind === "variant") return unsupported(`Invalid ${what}: \`${given}\`. Pass ${names}.`);
  return unsupported(`Invalid ${what}: ${why.replace(/ at line \d+ column \d+$/, "")}.`);
};
