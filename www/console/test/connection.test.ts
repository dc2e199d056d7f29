import assert from "node:assert/strict";
import { test } from "node:test";
import { pagePolicy, securityHeaders } from "../policy.ts";
import { completeAddress, readFragment } from "../src/connection/fragment";
import { isLoopback } from "../src/connection/practice";
import { tenantFetch, tenantNames } from "../src/connection/tenant";
import { waitAfter, waitWords } from "../src/connection/wait";
import { routeWords, tokenWords } from "../src/connection/words";
import { likelihoodWords, repeatWords } from "../src/failure/words";
import { duration, plural, size } from "../src/number";

test("fragment prefills addresses and the client id", () => {
  const { prefill, foreign } = readFragment(
    "#instance=http://127.0.0.1:8080&worker=http://127.0.0.1:8081&client=practice-client",
  );
  assert.deepEqual(prefill, {
    instance: "http://127.0.0.1:8080",
    worker: "http://127.0.0.1:8081",
    client: "practice-client",
    tenants: "",
    practice: "",
  });
  assert.equal(foreign, false);
});

test("secret in the fragment is ignored and reported as foreign", () => {
  const { prefill, foreign } = readFragment("#client=a&secret=hunter2&client_secret=hunter2");
  assert.equal(JSON.stringify(prefill).includes("hunter2"), false);
  assert.equal(foreign, true);
});

test("empty fragment prefills nothing", () => {
  assert.deepEqual(readFragment(""), {
    prefill: { instance: "", worker: "", client: "", tenants: "", practice: "" },
    foreign: false,
  });
});

test("practice instances are on this machine alone", () => {
  for (const address of ["http://127.0.0.1:8787", "http://localhost:1"]) assert.equal(isLoopback(address), true);
  const others = [
    "https://dev1.service-now.com",
    "http://127.0.0.1.example:1",
    "http://127.0.0.1:1/x",
    "127.0.0.1:1",
    "",
  ];
  for (const address of others) assert.equal(isLoopback(address), false, address);
});

test("tenants of the fragment are names, never paths", () => {
  assert.deepEqual(tenantNames("acme,globex-2"), ["acme", "globex-2"]);
  assert.deepEqual(tenantNames(",../api,a/b,A,%2e,a b,api,admin,health,"), []);
});

test("tenant is the first segment of every path", async (t) => {
  const sent: unknown[] = [];
  t.mock.method(globalThis, "fetch", async (url: unknown) => {
    sent.push(url);
    return new Response();
  });
  const send = tenantFetch("https://worker.example.com", "acme");
  await send("https://worker.example.com/api/now/table/incident?sysparm_query=a=https://worker.example.com");
  assert.deepEqual(sent, [
    "https://worker.example.com/acme/api/now/table/incident?sysparm_query=a=https://worker.example.com",
  ]);
});

test("path with dots stays within its tenant", async (t) => {
  const sent: URL[] = [];
  t.mock.method(globalThis, "fetch", async (url: unknown) => {
    sent.push(new URL(String(url)));
    return new Response();
  });
  const send = tenantFetch("https://worker.example.com", "acme");
  for (const path of ["/../prod/api", "/%2e%2e/prod/api", "/.%2E/prod/api", "/\\..\\prod/api", "//../prod/api"])
    await send(`https://worker.example.com${path}`);
  await send("https://elsewhere.example.com/api");
  await send(new URL("https://worker.example.com/api?x=1#y"));
  assert.ok(
    sent.every(({ host, pathname }) => host === "worker.example.com" && pathname.startsWith("/acme/")),
    sent.join(" "),
  );
  assert.equal(sent.at(-1)?.search, "?x=1");
});

test("route is described with its tenant", () => {
  assert.equal(routeWords("direct", ""), "direct");
  assert.equal(routeWords("worker", ""), "through the worker");
  assert.equal(routeWords("worker", "acme"), "through the worker, tenant acme");
});

test("address without a scheme gets https", () => {
  assert.equal(completeAddress(" dev1.service-now.com "), "https://dev1.service-now.com");
  assert.equal(completeAddress("http://127.0.0.1:80"), "http://127.0.0.1:80");
  assert.equal(completeAddress(""), "");
});

test("token's state is described", () => {
  const now = 1_000_000;
  assert.equal(
    tokenWords({ state: "held", generation: 2, expiresAt: now + 1_799_000 }, now),
    "token 2, valid for 29 min",
  );
  assert.equal(tokenWords({ state: "held", generation: 1, expiresAt: now + 45_000 }, now), "token 1, valid for 45 s");
  assert.equal(
    tokenWords({ state: "held", generation: 1, expiresAt: now - 1 }, now),
    "token 1, expired; the next call renews it",
  );
  assert.equal(tokenWords({ state: "failed", generation: 0 }, now), "no token: the last request for one failed");
});

test("advice about repeating follows the diagnosis", () => {
  assert.match(repeatWords({ when: "look-first" }), /its outcome is unknown/);
  assert.equal(repeatWords({ when: "after", afterMs: 29_001 }), "Try again in 30 seconds.");
  assert.equal(repeatWords({ when: "after", afterMs: 600_000 }), "Try again in 10 minutes.");
  assert.match(repeatWords({ when: "never" }), /will not help/);
});

test("likelihood is a percentage, and zero is not shown", () => {
  const cause = { code: "c", title: "t", tellApart: "", fix: [], source: "" };
  assert.equal(likelihoodWords({ ...cause, likelihood: 0.555 }), "56 %");
  assert.equal(likelihoodWords({ ...cause, likelihood: 0 }), "");
});

test("numbers are formatted with units", () => {
  assert.equal(plural(1, "row"), "1 row");
  assert.equal(plural(10_000, "row"), "10,000 rows");
  assert.equal(size(999), "999 bytes");
  assert.equal(size(1_234_567), "1.2 MB");
  assert.equal(duration(47.6), "48 ms");
  assert.equal(duration(2_345), "2.3 s");
});

test("policy allows nothing inline and only https or loopback", () => {
  for (const policy of [pagePolicy, securityHeaders["Content-Security-Policy"] ?? ""]) {
    assert.match(policy, /^default-src 'none';/);
    assert.doesNotMatch(policy, /unsafe-inline|'unsafe-eval'|data:|blob:|\*\.|script-src [^;]*https?:/);
    assert.match(policy, /form-action 'none'; base-uri 'none'/);
  }
  assert.match(securityHeaders["Content-Security-Policy"] ?? "", /frame-ancestors 'none'/);
});

test("paused read shows why, until when, and how to stop it", () => {
  const now = Date.now();
  const limited = waitAfter({ type: "rate.limited", at: now, until: now + 20 * 60_000 }, null);
  assert.match(
    waitWords(limited, now) ?? "",
    /^An hourly rate limit .* Reading continues at \d\d:\d\d:\d\d, in 20 minutes; press Cancel to stop\.$/,
  );
  assert.equal(waitWords(limited, now + 20 * 60_000), null, "nothing is shown after the wait");
  const message = "A gateway answers in the instance's place.";
  const diagnosis = { code: "a", kind: "instance", retry: { when: "backoff" }, causes: [], evidence: [] } as const;
  const opened = { type: "breaker.opened", at: now, until: now + 30_000, message, diagnosis } as const;
  const left = waitAfter({ ...opened, diagnosis: { ...diagnosis, causes: [], evidence: [] } }, limited);
  assert.match(
    waitWords(left, now) ?? "",
    /A gateway answers in the instance's place\. Reading continues at .*, in 30 s;/,
  );
  assert.equal(waitAfter({ type: "signed-out", at: now }, left), left);
  assert.equal(waitAfter({ type: "breaker.closed", at: now }, left), null);
});
