/** Compares release, plugins, properties and the way of signing in. */
import type { Fact } from "sysparm/environments";
import { type KnownSetting, PLUGINS, PROPERTIES } from "./known-settings.js";
import { cellOf, type Ledger, UNKNOWN, type ValueCell } from "./ledger.js";

export function compareMethod(ledger: Ledger): void {
  const facts = ledger.inventories.map(({ method }) => method);
  ledger.examine("method", "way of signing in", facts);
  ledger.compare(
    {
      part: "method",
      what: "way of signing in",
      rank: "sign-in",
      why: "What allows one way of signing in does not allow another: a test of one says nothing about the other.",
      fix: "Sign in the same way in every environment, best with client credentials.",
    },
    facts.map((fact) => (fact.status === "read" ? { shown: fact.value } : UNKNOWN)),
  );
}

export function compareReleases(ledger: Ledger): void {
  const facts = ledger.inventories.map(({ release }) => release);
  ledger.examine("release", "release", facts);
  const of = (member: "family" | "build") =>
    facts.map((fact): ValueCell => cellOf(fact.status === "read" ? fact.value[member] : undefined));
  const families = of("family");
  ledger.hidden("release", "release", facts, families, "the instance does not name its release");
  ledger.compare(
    {
      part: "release",
      what: "release",
      rank: "requests",
      why: "Sign-in, query access rules and defaults of properties differ between releases.",
      fix: "Test against the release of production before production is upgraded, and after.",
    },
    families,
  );
  // Builds of different releases differ, too, which says nothing more.
  const known = new Set(families.map((cell) => (typeof cell === "string" ? undefined : cell.shown)).filter(Boolean));
  if (known.size > 1) return;
  const builds = of("build");
  ledger.hidden("release", "patch", facts, builds, "the instance does not name its build");
  ledger.compare(
    {
      part: "release",
      what: "patch",
      rank: "cosmetic",
      why: "Patches of one release repair faults, some of sign-in and of paging.",
      fix: "Where one environment fails alone, read the notes of the patches between the builds.",
    },
    builds,
  );
}

export function comparePlugins(ledger: Ledger): void {
  const facts = ledger.inventories.map(({ plugins }) => plugins);
  ledger.examine("plugins", "plugins", facts);
  for (const id of namesIn(facts)) {
    const { rank, why } = own(PLUGINS, id) ?? { rank: "requests", why: "The integration was said to need it." };
    const cells = facts.map((fact): ValueCell => {
      const plugin = fact.status === "read" ? own(fact.value, id) : undefined;
      return plugin ? { shown: plugin.active ? "active" : "inactive" } : UNKNOWN;
    });
    const fix = `Activate ${id} where it is inactive, under System Definition > Plugins.`;
    ledger.compare({ part: "plugins", what: `plugin ${id}`, rank, why, fix }, cells);
    const because = "it was not read there, or whether it is active is hidden";
    ledger.hidden("plugins", `plugin ${id}`, facts, cells, because);
  }
}

export function compareProperties(ledger: Ledger): void {
  const facts = ledger.inventories.map(({ properties }) => properties);
  ledger.examine("properties", "properties", facts);
  for (const name of namesIn(facts)) {
    const known = own(PROPERTIES, name);
    const { rank, why } = known ?? { rank: "data", why: "The integration was said to depend on it." };
    const cells = facts.map((fact): ValueCell => {
      const value = fact.status === "read" ? own(fact.value, name) : undefined;
      return value === undefined ? UNKNOWN : propertyCell(value, known);
    });
    const fix = `Give ${name} the same value in sys_properties. Add it where it is absent.`;
    ledger.compare({ part: "properties", what: `property ${name}`, rank, why, fix }, cells);
    ledger.hidden("properties", `property ${name}`, facts, cells, "it was not read there, or its value is hidden");
  }
}

function propertyCell(value: string | null, known: KnownSetting | undefined): ValueCell {
  const absent = known?.absent;
  const effective = value ?? absent;
  if (effective === undefined) return { shown: "absent", same: "absent property" };
  const parts = known?.isList ? effective.split(",").map((part) => part.trim()) : [effective.trim()];
  const text = parts.filter(Boolean).sort().join(",");
  const isFlag = /^(true|false)$/i.test(text);
  const same = `= ${isFlag ? text.toLowerCase() : text}`;
  if (value === null) return { shown: `absent (${absent === "" ? "empty" : absent})`, same };
  return { shown: value === "" ? "empty" : value, same };
}

function namesIn(facts: readonly Fact<Record<string, unknown>>[]): string[] {
  return [...new Set(facts.flatMap((fact) => (fact.status === "read" ? Object.keys(fact.value) : [])))];
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
