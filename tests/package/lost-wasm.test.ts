/** A page whose bundler left the WebAssembly behind: the copy in JavaScript is loaded, and without it the error says what was tried. */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { launchChromium } from "../harness/chromium.ts";

const folder = mkdtempSync(join(tmpdir(), "sysparm-lost-wasm-"));
cpSync("pkg/dist", folder, { recursive: true });

/** As Vite's development server does, it answers addresses that it does not know with a page. */
let status = 200;
/** Where the files are there, and the page's policy does not let them be compiled. */
const POLICY = "/policy";
const server = createServer(async (request, reply) => {
  const script = await readFile(join(folder, request.url ?? "")).catch(() => undefined);
  if (script && !request.url?.endsWith(".wasm")) reply.setHeader("content-type", "text/javascript").end(script);
  else if (script && request.headers.referer?.includes(POLICY))
    reply.setHeader("content-type", "application/wasm").end(script);
  else if (request.url === POLICY)
    reply.setHeader("content-security-policy", "script-src 'self'").setHeader("content-type", "text/html").end("<p>");
  else reply.writeHead(request.url === "/" ? 200 : status, { "content-type": "text/html" }).end("<!doctype html>");
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

let browser: Browser;
before(async () => {
  browser = await launchChromium();
});
after(async () => {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true });
});

/** What a page gives for an expression over the package's modules. */
async function inPage(expression: string, path = "/"): Promise<unknown> {
  const page = await browser.newPage();
  try {
    await page.goto(address + path);
    return await page.evaluate(`(async () => {
      const [sysparm, { Query, ...queries }] = await Promise.all([import("/browser.js"), import("/query-browser.js")]);
      return ${expression};
    })()`);
  } finally {
    await page.close();
  }
}

const LIST = `await (async () => {
  await Promise.all([sysparm.load(), queries.load()]);
  const fetch = async () => Response.json({ result: [] });
  const instance = await sysparm.connect({ url: "https://x.example", auth: { token: "t" }, fetch });
  const { rows } = await instance.table("incident").list({ query: Query.where("active").is(true) });
  return [rows.length, (await sysparm.classify({ status: 401 })).code];
})()`;

for (const answer of [200, 404]) {
  test(`page reads without its WebAssembly files (status ${answer})`, async () => {
    status = answer;
    assert.deepEqual(await inPage(LIST), [0, "token.not-accepted"]);
  });
}

test("policy that forbids to compile is named with what to add", async () => {
  const thrown = "await sysparm.load().catch((e) => [e.code, e.message])";
  const [code, message] = (await inPage(thrown, POLICY)) as string[];
  assert.equal(code, "wasm.not-loaded");
  assert.match(
    message ?? "",
    /sysparm\.wasm \(status 200, content type application\/wasm\)\. The Content-Security-Policy forbids to compile it\. Add 'wasm-unsafe-eval' to script-src\.$/,
  );
});

test("lost WebAssembly without a copy names address, answer and remedy", async () => {
  status = 404;
  rmSync(join(folder, "sysparm-embedded.js"));
  const thrown = "await sysparm.load().catch((e) => [e instanceof sysparm.SysparmError, e.code, e.kind, e.message])";
  assert.deepEqual(await inPage(thrown), [
    true,
    "wasm.not-loaded",
    "network",
    `The WebAssembly of sysparm could not be loaded from ${address}/sysparm.wasm (status 404, content type text/html). Copy node_modules/sysparm/dist/*.wasm there, or pass the file to load().`,
  ]);
});

test("lost WebAssembly in a Worker names the bundler's condition", async () => {
  status = 404;
  rmSync(join(folder, "sysparm-embedded.js"), { force: true });
  const message = await inPage("(globalThis.WebSocketPair = Object, await sysparm.load().catch((e) => e.message))");
  assert.match(String(message), /\. In a Worker bundle with the condition workerd, or pass the file to load\(\)\.$/);
});
