/** Text that a page could take for something else than text, and places that bring it into the console. */
import { type SlowedInstance, startInstance } from "./instance.ts";

/** Would set `globalThis.attacked` or ask another origin, if the page read it as HTML or as a script. */
export const MARKUP = `<img src=x onerror="attacked=1"><script>attacked=1</script><svg onload=attacked=1>`;
const TEXTS = {
  markup: MARKUP,
  address: `javascript:attacked=1//https://evil.example/`,
  template: `{{constructor.constructor("attacked=1")()}} \${attacked=1} <%= attacked %>`,
  // An override of direction that is never ended.
  reversed: `\u202Eabc.exe שלום مرحبا`,
  emoji: `👩‍👩‍👧‍👦🏳️‍🌈 e\u0301\u0301\u0301\u0301 \u0000\u0007\uFFFF 𝕬`,
  long: "W".repeat(5_000),
  lines: `a\r\nb\u2028c\u2029d\te`,
  __proto__x: "__proto__",
  constructor: "constructor",
};
export const NAMES = [MARKUP, "__proto__", "constructor", "toString", TEXTS.reversed, TEXTS.emoji, TEXTS.long];

const ADMIN = `Basic ${btoa("practice.admin:practice-admin-password")}`;

/** A practice instance whose newest incidents hold such texts; one has a cell of a megabyte. */
export async function hostileInstance(): Promise<SlowedInstance> {
  const instance = await startInstance("--rows", "40");
  const texts = [...Object.values(TEXTS), "x".repeat(1_000_000)];
  for (const text of texts) {
    const reply = await fetch(`${instance.url}/api/now/table/incident`, {
      method: "POST",
      headers: { authorization: ADMIN, "content-type": "application/json" },
      body: JSON.stringify({ short_description: text, description: text, work_notes: text }),
    });
    if (reply.status !== 201) throw new Error(`${reply.status}: ${await reply.text()}`);
  }
  return instance;
}

/** A reply of the Table API whose names and values are hostile. JSON text, because `__proto__` is no member of a literal. */
export function hostileReply(): string {
  const members = NAMES.map((name) => `${JSON.stringify(name)}: ${JSON.stringify(name)}`);
  const nested = `"a": {"__proto__": {"attacked": 1}, "constructor": {"prototype": {"attacked": 1}}}`;
  const row = `{${[...members, nested].join(",")}}`;
  return `{"result": [${row}, ${row}]}`;
}

/** A Postman collection with such names everywhere: folders, requests, variables, headers, parameters, bodies. */
export function hostileCollection(): string {
  const pairs = NAMES.map((name) => ({ key: name.slice(0, 300), value: name }));
  const request = (name: string) => ({
    name,
    request: {
      method: "POST",
      description: name,
      header: pairs,
      url: {
        raw: "https://dev1.service-now.com/api/now/table/incident",
        protocol: "https",
        host: ["dev1", "service-now", "com"],
        path: ["api", "now", "table", "incident"],
        query: pairs,
      },
      body: { mode: "raw", raw: JSON.stringify({ text: name }) },
    },
    event: [{ listen: "test", script: { exec: [`attacked=1; ${name}`] } }],
  });
  return JSON.stringify({
    info: {
      name: MARKUP,
      description: MARKUP,
      schema: "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
    },
    item: [{ name: MARKUP, item: NAMES.map(request) }, ...NAMES.map(request)],
    variable: pairs,
  });
}
