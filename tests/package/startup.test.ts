/**
 * What a program loads until its first rows, counted and not timed: bytes, requests in series, files and functions. `make bench-startup` times
 * it. A ceiling is what was counted last, and 4 % for bytes and functions. A change that needs more raises it and says why.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { basename, extname, join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants } from "node:zlib";
import type { Browser } from "playwright-core";
import { buildPage, buildWorker, type Project, writePrograms } from "../../benches/startup/bundles.ts";
import { launchChromium } from "../harness/chromium.ts";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { installInto } from "./installed.js";

let browser: Browser;
let instance: PracticeInstance;
let project: Project & { remove(): void };

before(async () => {
  browser = await launchChromium();
  instance = await startPracticeInstance("--rows", "100", "--quiet");
  project = { ...installInto("startup"), programs: ["sysparm"] };
  writePrograms(project.folder);
  await buildPage(project, "sysparm", "plain", join(project.folder, "pages"));
  await buildPage(project, "sysparm", "preload", join(project.folder, "pages"), true);
});

after(async () => {
  await browser?.close();
  await instance?.stop();
  project?.remove();
});

interface Seen {
  path: string;
  /** How many rounds of replies this request waited for, and one. */
  place: number;
  /** After brotli; 0 for replies of the instance. */
  bytes: number;
}

interface Start {
  seen: Seen[];
  functions: number;
}

/** Replies wait until no request has come for this long. What a page asks for without waiting for a reply therefore counts as asked together. */
const QUIET_MS = 1000;

async function startOf(name: string): Promise<Start> {
  const seen: Seen[] = [];
  const page = await browser.newPage();
  const server = await serve(join(project.folder, "pages", name), `/${name}/`, seen);
  try {
    const session = await page.context().newCDPSession(page);
    await session.send("Profiler.enable");
    await session.send("Profiler.startPreciseCoverage", { callCount: true, detailed: false });
    const { port } = server.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${port}/${name}/index.html`, { waitUntil: "commit" });
    await page.waitForFunction("window.finished !== undefined");
    const { rows } = (await page.evaluate("window.finished")) as { rows: number };
    assert.equal(rows, 20);
    const { result } = await session.send("Profiler.takePreciseCoverage");
    return { seen, functions: calledFunctions(result, `/${name}/`) };
  } finally {
    await page.close();
    server.closeAllConnections();
    server.close();
  }
}

interface Script {
  url: string;
  functions: { ranges: { count: number }[] }[];
}

const PACKAGE = "/node_modules/sysparm/dist/";

/** V8 compiles a function at its first call. */
function calledFunctions(scripts: Script[], place: string): number {
  const own = scripts.filter(({ url }) => url.includes(place)).flatMap(({ functions }) => functions);
  return own.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0).length;
}

const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

/** Serves the page, and passes other requests to the practice instance. */
async function serve(folder: string, base: string, seen: Seen[]): Promise<Server> {
  let place = 1;
  let quiet: NodeJS.Timeout | undefined;
  const answers: (() => void)[] = [];
  const answerAll = () => {
    place += 1;
    for (const answer of answers.splice(0)) answer();
  };
  const server = createServer(async (request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    const file = path.startsWith(base) ? readFileSync(join(folder, path.slice(base.length))) : undefined;
    seen.push({ path: file ? path.slice(base.length) : path, place, bytes: file ? compressed(file) : 0 });
    const [type, body] = file ? [TYPES[extname(path)], file] : ["application/json", await passedOn(request)];
    answers.push(() => response.writeHead(200, { "content-type": type }).end(body));
    clearTimeout(quiet);
    quiet = setTimeout(answerAll, QUIET_MS);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return server;
}

async function passedOn(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const { authorization, "content-type": type } = request.headers;
  const headers = { ...(authorization && { authorization }), ...(type && { "content-type": type }) };
  const init = { headers, ...(request.method === "POST" && { method: "POST", body: Buffer.concat(parts) }) };
  const reply = await fetch(instance.url + request.url, init);
  assert.equal(reply.status, 200);
  return Buffer.from(await reply.arrayBuffer());
}

const compressed = (contents: Buffer | string) =>
  brotliCompressSync(contents, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

/** Fails above the ceiling, and far below it: then the ceiling no longer notices anything. */
function within(counted: number, ceiling: number, what: string): void {
  assert.ok(counted <= ceiling, `${what}: ${counted}, ceiling ${ceiling}`);
  assert.ok(counted > ceiling * 0.9, `${what}: ${counted} is far below the ceiling ${ceiling}. Lower the ceiling.`);
}

/** Requests in the order of their places. */
const places = (seen: Seen[]) => seen.map(({ path, place }) => `${place} ${path.replace(/-\w+(?=\.js$)/, "")}`).sort();

test("page asks for files and rows in a series of five", async () => {
  const { seen, functions } = await startOf("plain");
  assert.deepEqual(places(seen), [
    "1 index.html",
    "2 main.js",
    "3 assets/classify-browser.js",
    "3 sysparm.wasm",
    "4 /oauth_token.do",
    "4 pages.wasm",
    "5 /api/now/table/incident",
  ]);
  within(functions, 237, "functions of JavaScript");
  // `make package` weighs the WebAssembly.
  const scripts = seen.filter(({ path }) => path.endsWith(".js"));
  within(
    scripts.reduce((sum, { bytes }) => sum + bytes, 0),
    24_100,
    "bytes of JavaScript after brotli",
  );
});

test("page with preload lines asks in a series of four", async () => {
  const { seen } = await startOf("preload");
  assert.deepEqual(places(seen), [
    "1 index.html",
    "2 main.js",
    "2 pages.wasm",
    "2 sysparm.wasm",
    "3 /oauth_token.do",
    "3 assets/classify-browser.js",
    "4 /api/now/table/incident",
  ]);
});

test("Node parses four files of the package until its first rows", () => {
  const coverage = join(project.folder, "coverage");
  mkdirSync(coverage);
  const program = `import { firstRows } from "./sysparm.js"; process.exit((await firstRows("${instance.url}")) === 20 ? 0 : 1);`;
  execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    cwd: project.folder,
    env: { ...process.env, NODE_V8_COVERAGE: coverage },
  });
  const [report = ""] = readdirSync(coverage);
  const scripts: Script[] = JSON.parse(readFileSync(join(coverage, report), "utf8")).result;
  const own = scripts.filter(({ url }) => url.includes(PACKAGE)).map(({ url }) => fileURLToPath(url));
  assert.deepEqual(own.map((file) => basename(file)).sort(), [
    "errors.js",
    "node.js",
    "pages-embedded.js",
    "sysparm-embedded.js",
  ]);
  within(calledFunctions(scripts, PACKAGE), 235, "functions");
  // `make package` weighs the WebAssembly, which the embedded files hold.
  const written = own.filter((file) => !file.endsWith("-embedded.js"));
  const bytes = written.reduce((sum, file) => sum + statSync(file).size, 0);
  within(bytes, 119_500, "bytes");
});

test("worker in one file parses no more at start than its ceiling", async () => {
  const modules = Object.values(await buildWorker(project, "sysparm", false));
  const bytes = modules.reduce((sum, contents) => sum + (typeof contents === "string" ? contents.length : 0), 0);
  // The Service Catalog, which bundlers of one file cannot load later, is 35 KB of it.
  within(bytes, 279_000, "bytes of JavaScript");
});
