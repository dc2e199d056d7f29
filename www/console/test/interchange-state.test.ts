import assert from "node:assert/strict";
import { test } from "node:test";
import { countsOf, createImportState, lossGroups } from "../src/interchange/import-state";
import type { InterchangeStore } from "../src/interchange/interchange-store";
import type { Imported } from "../src/workspace/model";

function stateWith(kept: [Imported, boolean][]) {
  return createImportState({
    keep: async (imported: Imported, remember: boolean) => {
      kept.push([imported, remember]);
      return { environment: undefined, added: 0, left: 0, renamed: new Map(), problem: "" };
    },
  } as unknown as InterchangeStore);
}

test("import is reported before anything is kept", async () => {
  const kept: [Imported, boolean][] = [];
  const state = stateWith(kept);
  state.text.value = "curl -k -k https://x.example/a -H 'Authorization: Bearer hunter2'";
  await state.readText();
  assert.ok(state.state.value.phase === "report");
  const { imported } = state.state.value;
  assert.deepEqual(countsOf(imported), { requests: 1, folders: 0, variables: 0, secrets: 1 });
  assert.deepEqual(
    lossGroups(imported.losses).map(({ what, where }) => [what, where.length]),
    [["option -k", 2]],
  );
  assert.equal(kept.length, 0);
  await state.keep();
  assert.deepEqual(kept, [[imported, false]]);
  assert.deepEqual([state.state.value.phase, state.text.value], ["kept", ""]);
});

test("import that cannot be read says what was expected", async () => {
  const state = stateWith([]);
  state.text.value = "nothing";
  await state.readText();
  assert.ok(state.state.value.phase === "problem");
  assert.match(state.state.value.problem, /no known format\. Expected a curl line/);
});

test("cancelled import reports nothing, and the next one is read", async () => {
  const state = stateWith([]);
  state.text.value = "curl https://x.example/a";
  const phase = () => state.state.value.phase;
  const reading = state.readText();
  assert.equal(phase(), "reading");
  state.cancel();
  await reading;
  assert.equal(phase(), "empty");
  await Promise.all([state.readText(), state.readText()]);
  assert.equal(phase(), "report");
});

test("OpenAPI with 1,500 paths is read", async () => {
  const paths = Array.from({ length: 1_500 }, (_, index) => {
    const summary = `Reads the record ${index} ${"with a long summary ".repeat(5)}`;
    return `  /api/now/table/t${index}:\n    get:\n      summary: ${summary}\n      responses: {}\n`;
  });
  const state = stateWith([]);
  state.text.value = `openapi: 3.0.0\ninfo:\n  title: Large\n  version: "1"\npaths:\n${paths.join("")}`;
  assert.ok(state.text.value.length > 200_000);
  await state.readText();
  assert.equal(state.state.value.phase === "report" && countsOf(state.state.value.imported).requests, 1_500);
});

test("import that is being kept is not kept twice", async () => {
  const kept: [Imported, boolean][] = [];
  const state = stateWith(kept);
  state.text.value = "curl https://x.example/a";
  await state.readText();
  const first = state.keep();
  assert.equal(state.state.value.phase, "keeping");
  await Promise.all([first, state.keep(), state.readText()]);
  assert.deepEqual([kept.length, state.state.value.phase], [1, "kept"]);
});

test("import that was not kept says why and can be kept again", async () => {
  let fails = true;
  const state = createImportState({
    keep: async () => {
      if (fails) throw new Error("The key is gone.");
      return { environment: undefined, added: 0, left: 0, renamed: new Map(), problem: "" };
    },
  } as unknown as InterchangeStore);
  state.text.value = "curl https://x.example/a";
  await state.readText();
  await state.keep();
  assert.ok(state.state.value.phase === "report");
  assert.equal(state.state.value.problem, "The key is gone.");
  fails = false;
  await state.keep();
  assert.equal(state.state.value.phase, "kept");
});
