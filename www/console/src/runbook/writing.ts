/** Writes the runbook of one environment: reads its facts, then composes the text. Nothing of it is kept. */
import { signal } from "@preact/signals";
import type { Instance } from "sysparm";
import type { Runbook } from "sysparm/environments";
import { isEntry } from "../collections/library";
import { integrationOf, tableProblem, tablesIn } from "../environments/integration";
import { failureOf } from "../failure/failure";
import type { Store } from "../store/store";
import type { Environment } from "../workspace/model";
import { callsOfHistory, userOf } from "./facts";

export type WritingPhase =
  | { name: "asked"; problem: string }
  /** The fact that is being read. */
  | { name: "reading"; fact: string }
  | { name: "written"; book: Runbook };

type Library = Pick<
  typeof import("sysparm/environments"),
  "audit" | "readInventory" | "runbook" | "tablesOf" | "traffic"
>;

export type Writing = ReturnType<typeof createWriting>;

export function createWriting(
  environment: Environment,
  instance: Instance,
  store: Pick<Store, "all">,
  load: () => Promise<Library> = () => import("sysparm/environments"),
) {
  const asked = {
    system: signal(""),
    purpose: signal(""),
    kept: signal(""),
    owner: signal(""),
    tables: signal(""),
    user: signal(userOf(environment) ?? ""),
  };
  const phase = signal<WritingPhase>({ name: "asked", problem: "" });
  let abort: AbortController | undefined;

  async function write(): Promise<void> {
    abort?.abort();
    abort = undefined;
    const { tables, wrong } = tablesIn(asked.tables.value);
    if (wrong !== undefined) {
      phase.value = { name: "asked", problem: tableProblem(wrong) };
      return;
    }
    const own = new AbortController();
    abort = own;
    phase.value = { name: "reading", fact: "" };
    try {
      const library = await load();
      const calls = callsOfHistory((await store.all("history")).filter(isEntry), environment.id);
      const traffic = calls.length > 0 ? library.traffic(calls) : undefined;
      const user = asked.user.value.trim();
      const isOther = user !== "" && user !== userOf(environment);
      // With another account named, the environment's sign-in is the reader's, not the integration's.
      const { method, clientId } = isOther ? {} : integrationOf(environment);
      const inventory = await library.readInventory(instance, {
        name: environment.name,
        clientId,
        user: user || undefined,
        method,
        tables: traffic ? joined(tables, library.tablesOf(traffic)) : tables,
        signal: own.signal,
        onProgress: (fact) => {
          if (abort === own) phase.value = { name: "reading", fact };
        },
      });
      const book = await library.runbook(inventory, {
        system: given(asked.system.value),
        purpose: given(asked.purpose.value),
        clientId,
        credential: { kept: given(asked.kept.value), owner: given(asked.owner.value) },
        traffic,
        audit: library.audit(inventory, traffic ?? null),
      });
      if (abort === own) phase.value = { name: "written", book };
    } catch (thrown) {
      if (abort === own) phase.value = { name: "asked", problem: failureOf(thrown).message };
    }
  }

  return {
    environment,
    asked,
    phase,
    write,
    /** Back to the form. What is being read is given up. */
    again(): void {
      abort?.abort();
      abort = undefined;
      phase.value = { name: "asked", problem: "" };
    },
  };
}

/** The fields of two lists of tables together. An empty list of fields stands for all of them. */
function joined(named: Tables, used: Tables): Tables {
  const both = Object.entries(used).map(([table, fields]): [string, string[]] => {
    const other = Object.hasOwn(named, table) ? named[table] : undefined;
    const isWhole = fields.length === 0 || other?.length === 0;
    return [table, isWhole ? [] : [...new Set([...(other ?? []), ...fields])]];
  });
  return { ...named, ...Object.fromEntries(both) };
}

type Tables = Record<string, string[]>;

const given = (text: string): string | undefined => text.trim() || undefined;
