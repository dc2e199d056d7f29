/**
 * The connection. The secret passes through `connect()` as an argument and is not stored here.
 *
 *     disconnected --connect--> connecting --token obtained--> connected --disconnect--> disconnected
 *                                       `--refused or cancelled--> disconnected (with the failure shown)
 */
import { signal } from "@preact/signals";
import { connect, type Instance, type SysparmEvent } from "sysparm";
import { type Failure, failureOf } from "../failure/failure";
import { completeAddress, type Prefill } from "./fragment";
import { practiceCredentials } from "./practice";
import { tenantFetch, tenantNames } from "./tenant";
import { type Wait, waitAfter } from "./wait";

export type Route = "direct" | "worker";

export type Phase =
  | { name: "disconnected" }
  | { name: "connecting"; abort: AbortController }
  | { name: "connected"; instance: Instance; route: Route; tenant: string };

export type Session = ReturnType<typeof createSession>;

/** One attempt only, because a person is watching: failures are shown at once, and the person repeats the call. */
const PACE = { attempts: 1 };

export function createSession() {
  const route = signal<Route>("direct");
  const instanceUrl = signal("");
  const workerUrl = signal("");
  /** Empty for the worker's own instance. */
  const tenant = signal("");
  const tenants = signal<string[]>([]);
  const clientId = signal("");
  const phase = signal<Phase>({ name: "disconnected" });
  const failure = signal<Failure | null>(null);
  /** Why the pages of a read are waiting. */
  const wait = signal<Wait | null>(null);
  const onEvent = (event: SysparmEvent) => {
    wait.value = waitAfter(event, wait.value);
  };

  function prefill(given: Prefill): void {
    if (phase.value.name !== "disconnected") return;
    if (given.instance) instanceUrl.value = given.instance;
    if (given.worker) workerUrl.value = given.worker;
    if (given.client) clientId.value = given.client;
    tenants.value = tenantNames(given.tenants);
    tenant.value = tenants.value[0] ?? "";
    if (given.worker && !given.instance) route.value = "worker";
  }

  function connectThroughWorker(url: string, tenant: string, key: string): Promise<Instance> {
    // Where the address is wrong, the package says so.
    const own = tenant !== "" && URL.canParse(url) ? { fetch: tenantFetch(url, tenant) } : {};
    return connect({ url, auth: { token: key }, pace: PACE, onEvent, ...own });
  }

  async function open(secret: string): Promise<void> {
    if (phase.value.name !== "disconnected") return;
    const abort = new AbortController();
    const taken = route.value;
    const ofTenant = taken === "worker" ? tenant.value.trim() : "";
    phase.value = { name: "connecting", abort };
    failure.value = null;
    wait.value = null;
    let instance: Instance | undefined;
    try {
      instance =
        taken === "direct"
          ? await connect({
              pace: PACE,
              onEvent,
              url: completeAddress(instanceUrl.value),
              auth: { grant: "client_credentials", clientId: clientId.value.trim(), clientSecret: secret },
            })
          : await connectThroughWorker(completeAddress(workerUrl.value), ofTenant, secret);
      abort.signal.throwIfAborted();
      // Direct: checks the credentials now. Through the worker the first call checks the key.
      await instance.token({ signal: abort.signal });
      abort.signal.throwIfAborted();
      phase.value = { name: "connected", instance, route: taken, tenant: ofTenant };
    } catch (thrown) {
      instance?.close();
      phase.value = { name: "disconnected" };
      failure.value = abort.signal.aborted ? null : failureOf(thrown);
    }
  }

  /** Signs in to a practice instance with the client that it publishes. Without an answer the form shows its address. */
  async function openPractice(address: string): Promise<void> {
    if (phase.value.name !== "disconnected") return;
    route.value = "direct";
    instanceUrl.value = address;
    const credentials = await practiceCredentials(address);
    if (!credentials || instanceUrl.value !== address) return;
    clientId.value = credentials.clientId;
    await open(credentials.clientSecret);
  }

  function disconnect(): void {
    const current = phase.value;
    if (current.name === "connecting") current.abort.abort();
    if (current.name !== "connected") return;
    current.instance.close();
    phase.value = { name: "disconnected" };
  }

  const form = { route, instanceUrl, workerUrl, tenant, tenants, clientId };
  return { ...form, phase, failure, wait, prefill, open, openPractice, disconnect };
}
