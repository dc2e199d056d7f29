/**
 * Who the instance takes this connection for, and the facts about its roles, scopes and credentials, each read when asked for.
 *
 *     none --ask--> asking --reply--> known
 *                         `--refused or failed--> none (with the problem)
 */
import { signal } from "@preact/signals";
import type { Instance } from "sysparm";
import type { AuditFinding, Inventory } from "sysparm/environments";
import { integrationOf } from "../environments/integration";
import { failureOf } from "../failure/failure";
import type { Environment } from "../workspace/model";

export interface Person {
  userName: string;
  displayName: string;
}

export interface Facts {
  readAt: number;
  account: Inventory["account"];
  roles: Inventory["roles"];
  /** Auth scopes of the integration's own client; why not, where they are not known. */
  scopes: { names: readonly string[] } | { because: string };
  /** Findings about credentials, the way of signing in, and the account. */
  findings: AuditFinding[];
  unread: { what: string; because: string }[];
}

type Asked<Value> = { name: "none"; problem: string } | { name: "asking" } | { name: "known"; value: Value };

type Library = Pick<typeof import("sysparm/environments"), "readInventory" | "audit">;

export type Identity = ReturnType<typeof createIdentity>;

/** Undocumented by ServiceNow and in every release; the doctor asks it, too. */
const WHO = "/api/now/ui/user/current_user";

export function createIdentity(load: () => Promise<Library> = () => import("sysparm/environments")) {
  const person = signal<Asked<Person>>({ name: "none", problem: "" });
  const facts = signal<Asked<Facts>>({ name: "none", problem: "" });
  const progress = signal("");
  let asked: AbortController | undefined;
  let of: Instance | undefined;

  /** Forgets what is known of another connection, and asks who this one is, once. */
  function use(instance: Instance): void {
    if (of === instance) return;
    clear();
    of = instance;
    void askWho(instance);
  }

  async function askWho(instance: Instance): Promise<void> {
    person.value = { name: "asking" };
    const known = await knownOr(async () => {
      const reply = await instance.request(WHO, { headers: { Accept: "application/json" } });
      const { result } = (await reply.json()) as { result?: { user_name?: unknown; user_display_name?: unknown } };
      if (typeof result?.user_name !== "string") throw new Error("The reply names no user.");
      return { userName: result.user_name, displayName: String(result.user_display_name ?? "") };
    });
    if (of === instance) person.value = known;
  }

  async function readFacts(instance: Instance, environment: Environment): Promise<void> {
    if (facts.value.name === "asking") return;
    const abort = new AbortController();
    asked = abort;
    facts.value = { name: "asking" };
    progress.value = "";
    const read = await knownOr(async () => {
      const { readInventory, audit } = await load();
      const inventory = await readInventory(instance, {
        ...integrationOf(environment),
        name: environment.name,
        signal: abort.signal,
        onProgress: (fact) => {
          progress.value = fact;
        },
      });
      return factsOf(inventory, audit(inventory));
    });
    // Another connection is shown meanwhile.
    if (asked !== abort) return;
    facts.value = abort.signal.aborted ? { name: "none", problem: "Stopped. Nothing was changed." } : read;
  }

  const stop = (): void => asked?.abort();

  /** For another connection. */
  function clear(): void {
    stop();
    asked = undefined;
    of = undefined;
    person.value = { name: "none", problem: "" };
    facts.value = { name: "none", problem: "" };
  }

  return { person, facts, progress, use, readFacts, stop, clear };
}

async function knownOr<Value>(read: () => Promise<Value>): Promise<Asked<Value>> {
  try {
    return { name: "known", value: await read() };
  } catch (thrown) {
    return { name: "none", problem: failureOf(thrown).message };
  }
}

/** what a sign-in depends on, of an inventory and its audit. Roles are judged where requests are recorded, and not here. */
export function factsOf(
  inventory: Inventory,
  { findings, unread }: { findings: AuditFinding[]; unread: { what: string; because: string }[] },
): Facts {
  const about = /^(credential|auth|client|scope|account)\./;
  return {
    readAt: inventory.readAt,
    account: inventory.account,
    roles: inventory.roles,
    scopes: scopesOf(inventory),
    findings: findings.filter(({ code }) => about.test(code) || code === "roles.admin"),
    unread,
  };
}

function scopesOf({ clients, clientId }: Inventory): Facts["scopes"] {
  if (clients.status === "unreadable") return { because: clients.because };
  if (clientId === undefined) return { because: "this connection signs in without a client of the registry" };
  const own = clients.value.find((client) => client.own);
  if (!own) return { because: clients.incomplete ?? `the registry shows no client ${clientId} to this user` };
  return own.scopes ? { names: own.scopes } : { because: "the scopes of the client may not be read by this user" };
}

/** Where the secrets of an environment are. */
export function keptWords(secrets: number, remembered: number): string {
  if (secrets === 0) return "No secret is held for this environment";
  const [subject, are] = secrets === 1 ? ["The secret", "is"] : [`The ${secrets} secrets`, "are"];
  if (remembered === secrets) return `${subject} ${are} remembered, sealed on this device`;
  const inMemory = `${are} held in memory only, and gone when the tab closes`;
  if (remembered === 0) return `${subject} ${inMemory}`;
  const [some, others] = [remembered, secrets - remembered].map((count) => `${count} ${count === 1 ? "is" : "are"}`);
  return `Of ${secrets} secrets ${some} remembered, sealed on this device; ${others} held in memory only, and gone when the tab closes`;
}
