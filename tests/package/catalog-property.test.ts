/**
 * The check of answers against the practice instance, on generated items: what the check accepts the instance does not refuse for its answers,
 * and where the check only misses answers the instance misses one too. The instance counts what is sent, as KB0717979 shows.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import fc from "fast-check";
import {
  type CatalogItem,
  type CatalogValue,
  type CatalogVariables,
  connect,
  type Instance,
  type SysparmError,
} from "sysparm";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";

const ITEMS = 25;
const ANSWERS = 16;
const SEED = 20261130;

let practice: PracticeInstance;
let instance: Instance;
let administrator: Instance;

before(async () => {
  practice = await startPracticeInstance("--rows", "10", "--quiet");
  const open = (username: string, password: string) => connect({ url: practice.url, auth: { username, password } });
  instance = await open("practice.integration", "practice-password");
  administrator = await open("practice.admin", "practice-admin-password");
});

after(async () => {
  instance?.close();
  administrator?.close();
  await practice?.stop();
});

/** Numbers of types in `item_option_new.type`: those that take an answer, and containers, labels and breaks among them. */
const TYPES = [
  "1",
  "2",
  "3",
  "4",
  "5",
  "6",
  "7",
  "8",
  "9",
  "10",
  "16",
  "18",
  "21",
  "23",
  "25",
  "26",
  "27",
  "28",
  "29",
  "31",
  "33",
  "11",
  "12",
  "19",
  "20",
];

interface GeneratedVariable {
  type: string;
  mandatory: boolean;
  defaultValue: string;
  place: "item" | "single" | "multi";
}

const generated: fc.Arbitrary<GeneratedVariable> = fc.record({
  type: fc.constantFrom(...TYPES),
  mandatory: fc.boolean(),
  defaultValue: fc.constantFrom("", "", "", "true", "false", "a", "javascript:gs.now()"),
  place: fc.constantFrom("item", "item", "item", "single", "multi"),
});

/** Answers of every kind, right and wrong. */
const cell = fc.constantFrom<CatalogValue>(
  ...[
    "",
    "a",
    "true",
    "false",
    "Yes",
    "1",
    "2",
    "2026-03-31",
    "2026-03-31 10:00:00",
    "a@b.example",
    "https://x.example",
  ],
  ...["10.0.0.1", "0123456789abcdef0123456789abcdef", true, false, 3, null, undefined],
);

/** Creates an item with these variables. */
async function created(variables: readonly GeneratedVariable[]): Promise<string> {
  const table = (name: string) => administrator.table(name);
  const item = String((await table("sc_cat_item").create({ name: `Item ${randomUUID()}` })).sys_id);
  const sets = new Map<string, string>();
  for (const [place, type] of [
    ["single", "one_to_one"],
    ["multi", "one_to_many"],
  ] as const) {
    if (!variables.some((one) => one.place === place)) continue;
    const set = await table("item_option_new_set").create({ title: place, internal_name: `${place}_set`, type });
    sets.set(place, String(set.sys_id));
    await table("io_set_item").create({ sc_cat_item: item, variable_set: String(set.sys_id), order: 1000 });
  }
  const rows = variables.map(({ type, mandatory, defaultValue, place }, at) => ({
    ...{ name: `v${at}`, question_text: `Variable ${at}`, type, mandatory, default_value: defaultValue, order: at },
    ...(place === "item" ? { cat_item: item } : { variable_set: sets.get(place) ?? "" }),
  }));
  await administrator.batch(
    rows.map((body) => ({ method: "POST" as const, path: "/api/now/table/item_option_new", body })),
  );
  return item;
}

/** Why an order is refused for its answers; undefined where it is placed. */
async function refusal(item: CatalogItem, variables: CatalogVariables): Promise<string | undefined> {
  try {
    await instance.catalog.order(item, { variables, check: false });
    return undefined;
  } catch (thrown) {
    const { code } = thrown as SysparmError;
    // An order for a user who does not exist is one for the caller; nothing else of a value is looked at.
    assert.equal(code, "catalog.answer-missing", String(thrown));
    return code;
  }
}

test("answers that the check accepts are ordered, missing ones refused", async () => {
  const lists = fc.sample(fc.array(generated, { minLength: 1, maxLength: 8 }), { seed: SEED, numRuns: ITEMS });
  const counted = { accepted: 0, missing: 0 };
  for (const [at, variables] of lists.entries()) {
    const item = await instance.catalog.item(await created(variables));
    const names = [...item.variables.map(({ name }) => name), ...(at % 3 === 0 ? ["unknown"] : [])];
    const answers = fc.dictionary(fc.constantFrom(...names, "v0"), cell, { maxKeys: names.length });
    const [set] = item.rowSets;
    const cells = set?.variables.map(({ name }) => name) ?? [];
    const row = fc.dictionary(fc.constantFrom("v0", ...cells), cell);
    const rows = fc.option(fc.array(row, { maxLength: 3 }), { nil: undefined });
    const values = fc.tuple(answers, rows).map(([own, list]): CatalogVariables => {
      return set && list ? { ...own, [set.name]: list } : own;
    });
    for (const given of fc.sample(values, { seed: SEED + at, numRuns: ANSWERS })) {
      const check = await instance.catalog.checkVariables(item, given, { references: false });
      const shown = JSON.stringify({ variables, given, check });
      if (check.ok) {
        assert.equal(await refusal(item, check.values), undefined, shown);
        counted.accepted += 1;
      } else if (check.problems.some(({ problem, set }) => problem === "missing" && set === undefined)) {
        assert.equal(await refusal(item, given), "catalog.answer-missing", shown);
        counted.missing += 1;
      }
    }
  }
  // Without enough of each kind the comparison would prove nothing.
  assert.ok(counted.accepted >= 20 && counted.missing >= 20, JSON.stringify(counted));
});
