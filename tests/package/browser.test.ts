/** Chromium loads the installed tarball, bundled by Vite, and runs every case in the page; a plain page loses files and networks. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { after, before, test } from "node:test";
import type { Browser } from "playwright-core";
import { build as viteBuild } from "vite";
import { launchChromium } from "../harness/chromium.ts";
import { startPracticeInstance } from "../harness/practice-instance.ts";
import { serveFolder, TYPES } from "../harness/serve-folder.ts";
import { casesInChromium } from "./in-chromium.js";
import { writePages } from "./in-page.js";
import { installInto, type Project } from "./installed.js";
import { testParts } from "./test-parts.js";

let browser: Browser;
let project: Project;

before(async () => {
  browser = await launchChromium();
  project = installInto("browser");
  await writePages(project);
});

after(async () => {
  await browser?.close();
  project?.remove();
});

test("Vite writes one WebAssembly file per entry", async () => {
  await viteBuild({
    root: project.folder,
    configFile: false,
    logLevel: "error",
    base: "./",
    build: { outDir: bundled(), target: "es2022" },
  });
  const files = readdirSync(bundled(), { recursive: true }).map(String);
  assert.equal(files.filter((file) => file.endsWith(".wasm")).length, 8, files.join(", "));
});

testParts("Chromium, bundled by Vite", (url, part) => casesInChromium(browser, bundled(), "index.html", url, part));

const bundled = () => join(project.folder, "bundled");

const UNREACHED = "The instance could not be reached (GET /api/now/x got no answer).";
const SWALLOWED = [
  { file: "explanations.js", message: UNREACHED, causes: 4, title: "network.down" },
  { file: "classify.wasm", message: "network.unreachable.", causes: 0, title: undefined },
] as const;

for (const { file, message, causes, title } of SWALLOWED) {
  test(`failure is thrown when ${file} does not come`, async () => {
    const context = await browser.newContext();
    const server = await serveFolder(project.folder);
    try {
      const tab = await context.newPage();
      // Neither answered nor refused: a network that swallows what is sent.
      await tab.route(`**/${file}`, () => undefined);
      await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/empty.html`);
      const thrown = (await tab.evaluate(`(async () => {
        const { connect } = await import("sysparm");
        const fetch = () => Promise.reject(new TypeError("no route"));
        const instance = await connect({ url: "https://x.example", auth: { token: "t" }, pace: { attempts: 1 }, fetch });
        const { code, kind, message, diagnosis } = await instance.request("/api/now/x").catch((thrown) => thrown);
        const { causes, retry } = diagnosis;
        // The wait for the file is not repeated.
        const began = performance.now();
        await instance.request("/api/now/x").catch(() => undefined);
        const isQuick = performance.now() - began < 1000;
        return [code, kind, message, causes.length, causes[0]?.title, retry.when, "exchange" in diagnosis, isQuick];
      })()`)) as unknown[];
      assert.deepEqual(thrown.slice(0, 7), [
        "network.unreachable",
        "network",
        message,
        causes,
        title,
        "backoff",
        false,
      ]);
      if (file === "classify.wasm") assert.equal(thrown[7], true, "the second failure waited again");
    } finally {
      await context.close();
      server.closeAllConnections();
      server.close();
    }
  });
}

test("failures are explained again when the network is back", async () => {
  const context = await browser.newContext();
  const server = await serveFolder(project.folder);
  try {
    const tab = await context.newPage();
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/empty.html`);
    await tab.evaluate(`(async () => {
      const { connect } = await import("sysparm");
      const fetch = () => Promise.reject(new TypeError("no route"));
      window.instance = await connect({ url: "https://x.example", auth: { token: "t" }, pace: { attempts: 1 }, fetch });
      window.failure = () => instance.request("/api/now/x").catch(({ diagnosis }) => diagnosis.causes.length);
    })()`);
    await tab.waitForLoadState("networkidle");
    await context.setOffline(true);
    assert.equal(await tab.evaluate("failure()"), 0);
    await context.setOffline(false);
    assert.equal(await tab.evaluate("failure()"), 4);
  } finally {
    await context.close();
    server.closeAllConnections();
    server.close();
  }
});

test("missing CORS rule and missing instance are distinguished", async () => {
  const context = await browser.newContext();
  const rule = await startPracticeInstance("--rows", "5", "--quiet");
  const stopped = await startPracticeInstance("--rows", "5", "--quiet");
  const server = await serveFolder(project.folder);
  try {
    const tab = await context.newPage();
    await tab.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/empty.html`);
    const failureOf = (url: string, path: string) =>
      tab.evaluate(`(async () => {
        const { connect } = await import("sysparm");
        const instance = await connect({ url: ${JSON.stringify(url)}, auth: { token: "t" }, pace: { attempts: 1 } });
        const began = performance.now();
        const error = await instance.request(${JSON.stringify(path)}).catch((thrown) => thrown);
        const { causes, evidence } = error.diagnosis;
        const took = performance.now() - began;
        return { code: error.code, first: causes[0].code, likelihood: causes[0].likelihood, evidence, took, message: error.message };
      })()`) as Promise<Failure>;
    await rule.set({ cors: false });
    const kept = await failureOf(rule.url, "/api/now/table/incident");
    assert.equal(`${kept.code} ${kept.first}`, "network.unreachable cors.api");
    assert.match(kept.message, /The instance answers, and the browser keeps the reply from this page/);
    assert.match(kept.message, /CORS Rules > New: REST API/);
    await stopped.stop();
    const gone = await failureOf(stopped.url, "/api/now/table/incident");
    assert.equal(`${gone.code} ${gone.first}`, "network.unreachable network.down");
    assert.ok(gone.likelihood > 0.8 && gone.evidence.at(-1)?.startsWith("Nothing answers at the instance's address"));
    // A minute is not over: what was seen is not looked at again, and the look carries no credentials and reads nothing.
    await failureOf(rule.url, "/api/now/table/problem");
    const looks = (await rule.journal()).filter(({ path }) => path === "/favicon.ico");
    assert.deepEqual(
      looks.map(({ method, query }) => `${method} ${query}`),
      ["GET "],
    );
    assert.ok(kept.took < 2500 && gone.took < 2500, `${kept.took} ${gone.took}`);
  } finally {
    await context.close();
    await rule.stop();
    server.closeAllConnections();
    server.close();
  }
});

// Loopback is trustworthy to a page by https (Secure Contexts, section 3.1), for all browsers but Safari.
test("https page: loopback works, a stopped instance is named", async () => {
  const context = await browser.newContext();
  const practice = await startPracticeInstance("--rows", "5", "--quiet");
  try {
    const tab = await context.newPage();
    // A page that a test fulfils counts as one from the internet, which asks before it may reach this machine.
    await context.grantPermissions(["local-network-access"]);
    await tab.route("https://127.0.0.1:4443/**", (route) => {
      const path = normalize(new URL(route.request().url()).pathname);
      return route.fulfill({ path: join(project.folder, path), contentType: TYPES[extname(path)] ?? "text/plain" });
    });
    await tab.goto("https://127.0.0.1:4443/empty.html");
    const asked = () =>
      tab.evaluate(`(async () => {
        const { connect } = await import("sysparm");
        const auth = { grant: "client_credentials", clientId: "practice-client", clientSecret: "practice-secret" };
        const instance = await connect({ url: ${JSON.stringify(practice.url)}, auth, pace: { attempts: 1 } });
        const read = await instance.table("incident").count().catch((thrown) => thrown);
        if (typeof read === "number") return [isSecureContext, read];
        return [read.code, ...read.diagnosis.causes.map(({ code, title }) => code + ": " + title), read.message];
      })()`) as Promise<(string | number | boolean)[]>;
    assert.deepEqual(await asked(), [true, 5]);
    // Granting a permission denies those that are not named.
    await context.clearPermissions();
    await context.grantPermissions(["geolocation"]);
    await tab.reload();
    const forbidden = (await asked()).map(String);
    assert.match(forbidden[1] ?? "", /^network\.local-access: In Chromium: the page may not reach/);
    await context.grantPermissions(["local-network-access"]);
    await tab.reload();
    await practice.stop();
    const reported = (await asked()).map(String);
    assert.equal(reported[0], "network.unreachable");
    assert.match(reported[1] ?? "", /^network\.down: /);
    assert.match(reported.at(-2) ?? "", /^network\.mixed-content: The browser blocks mixed content/);
    assert.ok(!reported.at(-1)?.includes("may not call an http address"), reported.at(-1));
  } finally {
    await context.close();
    await practice.stop();
  }
});

interface Failure {
  code: string;
  first: string;
  likelihood: number;
  evidence: string[];
  took: number;
  message: string;
}
