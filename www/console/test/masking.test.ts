import assert from "node:assert/strict";
import { test } from "node:test";
import { createLibrary, type LibraryStore } from "../src/collections/library";
import { keepTabs } from "../src/tester/kept-tabs";
import { mask, maskConditions, maskedProblem } from "../src/tester/masking";
import { prepare } from "../src/tester/prepare";
import { createTester } from "../src/tester/tester";
import { DOTS } from "../src/tester/variables";
import { type Collection, newCollection, newPair, newRequest, type SavedRequest } from "../src/workspace/model";
import { hostDouble } from "./host-double";

function textOf(body: SavedRequest["body"]): string {
  const { body: kept } = mask(newRequest({ method: "POST", body }));
  return "text" in kept ? kept.text : "";
}

test("masking keeps the JSON type of numbers and references", () => {
  const text = '{"token": 12, "use_token": true, "secret": null, "password": {{p}}, "api_key": "{{k}}"}';
  assert.equal(textOf({ kind: "json", text }), text);
  assert.equal(textOf({ kind: "json", text: '{"pwd": "x\\"y", "a": 1' }), `{"pwd": "${DOTS}", "a": 1`);
  assert.equal(textOf({ kind: "json", text: '{"pwd": "unfinished' }), `{"pwd": "${DOTS}"`);
});

test("masking keeps only what is sent as a reference", () => {
  const values = ["{{p}}", " {{ p }} ", '{{pa"ss}}', "{{p}}hunter2", "{{a}}{{b}}", ""];
  const { headers } = mask(newRequest({ headers: values.map((value) => newPair("password", value)) }));
  assert.deepEqual(
    headers.map(({ value }) => value),
    ["{{p}}", " {{ p }} ", DOTS, DOTS, DOTS, ""],
  );
});

test("masking finds secrets in forms and XML sent as text", () => {
  const cases = {
    "user=a&password=p1&pwd=p2": `user=a&password=${DOTS}&pwd=${DOTS}`,
    "client_secret = p1\nx=1": `client_secret = ${DOTS}\nx=1`,
    "<u:Password Type='text'>p1</u:Password><a>b</a>": `<u:Password Type='text'>${DOTS}</u:Password><a>b</a>`,
    "<token><![CDATA[p1<]]></token>": `<token>${DOTS}</token>`,
    '<login user="a" password="p1 p2"/>': `<login user="a" password="${DOTS}"/>`,
    "<tokens>\n  <a>1</a>\n</tokens>": "<tokens>\n  <a>1</a>\n</tokens>",
    "password={{p}}": "password={{p}}",
  };
  for (const [text, kept] of Object.entries(cases)) {
    assert.equal(textOf({ kind: "text", text, contentType: "text/plain" }), kept);
  }
});

test("masking finds secrets in the conditions of a query", () => {
  const cases = {
    "/x?sysparm_query=active=true^password=p1^ORpwd!=p2&a=1": `/x?sysparm_query=active=true^password=${DOTS}^ORpwd!=${DOTS}&a=1`,
    "/x?sysparm_query=active%3Dtrue%5Euser.password%3Dp1%5Ea%3D2": `/x?sysparm_query=active%3Dtrue%5Euser.password%3D${DOTS}%5Ea%3D2`,
    "/x?sysparm_query=passwordSTARTSWITHp1^userToken=p2": `/x?sysparm_query=password${DOTS}^userToken=${DOTS}`,
    "/x?sysparm_fields=password,name&sysparm_query=name=a": "/x?sysparm_fields=password,name&sysparm_query=name=a",
  };
  for (const [address, shown] of Object.entries(cases)) assert.equal(maskConditions(address), shown);
});

test("request with a masked value is not sent, and names it", () => {
  const send = (part: Partial<SavedRequest>) => {
    const request = mask(newRequest({ method: "POST", address: "/x", ...part }));
    const context = { scopes: [], secret: () => undefined, origin: "https://a.service-now.com", files: new Map() };
    const prepared = prepare(request, { ...context, auth: [] });
    return "problem" in prepared ? prepared.problem : "";
  };
  assert.match(send({ parameters: [newPair("api_key", "k")] }), /^The value of api_key was masked .* Enter it again/);
  assert.match(send({ headers: [newPair("X-Token", "k")] }), /X-Token/);
  assert.match(send({ address: "/x?token=k" }), /address/);
  assert.match(send({ body: { kind: "form", fields: [newPair("password", "p")] } }), /password/);
  assert.match(send({ body: { kind: "json", text: '{"password":"p"}' } }), /body/);
  assert.equal(send({ parameters: [newPair("api_key", "k", false)] }), "");
  assert.equal(send({ method: "GET", body: { kind: "json", text: '{"password":"p"}' } }), "");
});

test("masked value that is off is not saved either", () => {
  assert.notEqual(maskedProblem(mask(newRequest({ parameters: [newPair("api_key", "k", false)] }))), "");
  assert.equal(maskedProblem(newRequest({ parameters: [newPair("api_key", "k")] })), "");
});

test("tab of a saved request is restored as the collection has it", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const saved = newRequest({ address: "/x", headers: [newPair("X-Token", "t")] });
  const changed = newRequest({ address: "/y", headers: [newPair("X-Token", "t")] });
  const { store, open } = storeWith(newCollection("c", [saved, changed]));
  const first = await open();
  for (const request of [saved, changed]) first.open(request, true);
  first.edit(changed.id, { address: "/z" });
  t.mock.timers.tick(1_000);
  assert.doesNotMatch(JSON.stringify(store.tabs), /"t"/, "the tabs that are kept hold no secret");
  const second = await open();
  const restored = (id: string) => second.tabs.value.find((tab) => tab.id === id);
  assert.equal(restored(saved.id)?.request, restored(saved.id)?.saved);
  assert.equal(restored(saved.id)?.request.headers[0]?.value, "t");
  assert.equal(restored(changed.id)?.request.address, "/z");
  assert.match(maskedProblem(restored(changed.id)?.request ?? saved), /X-Token/);
});

/** A store with one collection. `open` starts a page on it. */
function storeWith(collection: Collection) {
  const store = { tabs: [] as unknown[] };
  const library: LibraryStore = {
    all: async (kind) => (kind === "collections" ? [collection] : kind === "tabs" ? store.tabs : []) as never,
    put: async (kind, data) => {
      if (kind === "tabs") store.tabs = [data];
    },
    remove: async () => undefined,
    watch: () => undefined,
  };
  const host = hostDouble();
  const open = async () => {
    const kept = createLibrary(library);
    await kept.load();
    const tester = createTester(host, kept.collections, () => undefined);
    await keepTabs(library, kept, tester);
    return tester;
  };
  return { store, open };
}
