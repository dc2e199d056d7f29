/** Writes the runbook of one environment: reads its facts, then composes the text. Nothing of it is kept. */
import { signal } from "@preact/signals";
import type { Instance } from "sysparm";
import type { Runbook } from "sysparm/environments";
import { isEntry } from "../collections/library";
import { failureOf } from "../failure/failure";
import type { Store } from "../store/store";
import type { Environment } from "../workspace/model";
import { callsOfHistory, clientIdOf, methodOf, userOf } from "./facts";

export type WritingPhase =
  | { name: "asked"; problem: string }
  /** The fact that is being read. */
  | { name: "reading"; fact: string }
  | { name: "written"; book: Runbook };

export type Writing = ReturnType<typeof createWriting>;

export function createWriting(environment: Environment, instance: Instance, store: Pick<Store, "all">) {
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
    const own = new AbortController();
    abort = own;
    phase.value = { name: "reading", fact: "" };
    try {
      const library = await import("sysparm/environments");
      const calls = callsOfHistory((await store.all("history")).filter(isEntry), environment.id);
      const traffic = calls.length > 0 ? library.traffic(calls) : undefined;
      const named = asked.tables.value.split(",").map((table) => table.trim());
      const tables = Object.fromEntries(named.filter((table) => table !== "").map((table) => [table, [] as string[]]));
      const inventory = await library.readInventory(instance, {
        name: environment.name,
        clientId: clientIdOf(environment),
        user: asked.user.value.trim() || undefined,
        method: methodOf(environment),
        tables: { ...tables, ...(traffic && library.tablesOf(traffic)) },
        signal: own.signal,
        onProgress: (fact) => {
          if (abort === own) phase.value = { name: "reading", fact };
        },
      });
      const book = await library.runbook(inventory, {
        system: given(asked.system.value),
        purpose: given(asked.purpose.value),
        clientId: clientIdOf(environment),
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

const given = (text: string): string | undefined => text.trim() || undefined;
