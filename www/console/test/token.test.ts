/** The pure parts of the view Token: the life of a token, what became of it, a decoded JWT, and who holds it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Instance, ReceivedResponse, Status, SysparmEvent } from "sysparm";
import type { Connection } from "../src/environments/connections";
import { newEnvironment } from "../src/environments/environments";
import { historyOf, spansOf, spansWords } from "../src/token/history";
import { createHolders, digestOf, type HolderChannel } from "../src/token/holders";
import { createIdentity, keptWords } from "../src/token/identity";
import { decodeJwt } from "../src/token/jwt";
import { countdown, lifeOf, placeOf } from "../src/token/life";
import { newSecretRef } from "../src/workspace/model";

const SECOND = 1_000;
const at = 1_800_000_000_000;

const held = (expiresAt: number): Status["token"] => ({ state: "held", generation: 1, expiresAt });
const renewed = (from: number, until: number): SysparmEvent => ({
  type: "token.renewed",
  at: from,
  detail: "request",
  until,
});

test("life of a token has its times in order, within the line", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100_000 }), (seconds) => {
      const expiresAt = at + seconds * SECOND;
      const life = lifeOf(held(expiresAt), [renewed(at, expiresAt)]);
      assert.ok(life);
      const times = [at, ...life.window, expiresAt];
      assert.deepEqual(
        [...times].sort((one, other) => one - other),
        times,
      );
      assert.ok(life.window[0] >= at + (seconds * SECOND) / 2, "not before half of it");
      assert.ok(life.tooOldAt >= at && life.tooOldAt <= expiresAt);
      for (const time of times) assert.ok(placeOf(life, time) >= 0 && placeOf(life, time) < 100);
    }),
  );
});

test("life is unknown without an end or an event of its begin", () => {
  assert.equal(lifeOf({ state: "held", generation: 1 }, []), null);
  assert.equal(lifeOf(held(at), [renewed(at - SECOND, at + SECOND)]), null);
});

test("countdown counts down to zero and no further", () => {
  assert.deepEqual([1_044_000, 3_723_000, 0, -5_000].map(countdown), ["17:24", "1:02:03", "0:00", "0:00"]);
});

test("history names the request behind a renewal and a failure", () => {
  const diagnosis = {
    code: "instance.overloaded",
    kind: "capacity",
    retry: { when: "backoff" },
    causes: [],
    evidence: [],
  };
  const failed = { type: "token.failed", at: at + 20, until: at + 1_020, message: "busy", diagnosis } as SysparmEvent;
  const request = (id: number, began: number, status: number): ReceivedResponse => ({
    ...{
      id,
      at: began,
      method: "POST",
      path: "/oauth_token.do",
      search: "",
      isForToken: true,
      call: null,
      waitedMs: 0,
    },
    ...{ attempt: 1, durationMs: 10, headersMs: 9, status, bytes: 1, transactionId: null },
  });
  const exchanges = [request(1, at, 503), request(2, at + 1_500, 200)].map((one) => ({ sent: one, received: one }));
  const rows = historyOf({ events: [failed, renewed(at + 1_520, at + 60_000)], exchanges });
  assert.deepEqual(
    rows.map(({ words }) => words),
    ["Obtained by this tab, 10 ms", "503 from /oauth_token.do; the next request may follow after 1 s"],
  );
  assert.equal(rows[1]?.failure?.diagnosis.code, "instance.overloaded");
});

test("spans of tokens show gaps, and end with a sign-out", () => {
  const events = [renewed(at, at + 10_000), renewed(at + 12_000, at + 30_000), renewed(at + 20_000, at + 40_000)];
  const spans = spansOf(events, at + 25_000);
  assert.deepEqual(
    spans.map(({ from, until, isNow }) => [from - at, until - at, isNow]),
    [
      [0, 10_000, false],
      [12_000, 20_000, false],
      [20_000, 25_000, true],
    ],
  );
  assert.equal(spansWords(spans, 1), "1 gap, 1 failed renewal");
  const [ended] = spansOf([renewed(at, at + 10_000), { type: "signed-out", at: at + 3_000 }], at + 5_000);
  assert.deepEqual(ended, { from: at, until: at + 3_000, isNow: false });
});

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

test("JWT is decoded with its times and what speaks against it", () => {
  const claims = { iss: "https://dev.test", sub: "Zoë", exp: at / SECOND - 1, aud: ["a", "b"] };
  const decoded = decodeJwt(`Bearer ${part({ alg: "HS256" })}.${part(claims)}.sig`, at);
  assert.ok("claims" in decoded);
  const shown = Object.fromEntries(decoded.claims.map(({ name, value }) => [name, value]));
  assert.equal(shown.sub, "Zoë");
  assert.equal(shown.aud, '["a","b"]');
  assert.match(shown.exp ?? "", /^1799999999 \(2027-01-15 07:59:59 UTC\)$/);
  assert.equal(decoded.warnings[0], "It has expired.");
  assert.match(decoded.warnings[1] ?? "", /shared secret/);
});

test("text that is no JWT is refused without repeating it", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(fc.base64String(), { maxLength: 6 }).map((all) => all.join(".")),
      ),
      (text) => {
        const decoded = decodeJwt(`${text}planted`, at);
        assert.ok("claims" in decoded || !decoded.problem.includes("planted"));
      },
    ),
  );
  const opaque = decodeJwt("QKkE3x_opaque", at);
  assert.match("problem" in opaque ? opaque.problem : "", /opaque by default/);
});

test("tabs learn whether they hold the same token, and never the token", async () => {
  const posted: string[] = [];
  const listeners: ((event: { data: unknown }) => void)[] = [];
  const channelOf = (): HolderChannel => {
    let own: (event: { data: unknown }) => void = () => undefined;
    return {
      addEventListener: (_, heard) => {
        own = heard;
        listeners.push(heard);
      },
      postMessage: (data) => {
        posted.push(JSON.stringify(data));
        for (const listener of listeners) if (listener !== own) listener({ data });
      },
    };
  };
  const open = (token: string): Connection[] => {
    const status = () => ({ token: { ...held(Date.now() + 100_000), renewsAt: Date.now() } }) as Status;
    const instance = { url: "https://dev.test", status, token: async () => token } as unknown as Instance;
    return [{ name: "open", instance }];
  };
  const first = createHolders(
    () => open("planted-token"),
    () => "Tables",
    channelOf(),
    "one",
  );
  createHolders(
    () => open("planted-token"),
    () => "Tester",
    channelOf(),
    "two",
  );
  createHolders(
    () => open("planted-other"),
    () => "Token",
    channelOf(),
    "three",
  );
  first.ask();
  // Digests are made in the background.
  while (first.of("https://dev.test").length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  // They may end in another order.
  const ofView = (shown: string) => first.of("https://dev.test").find(({ view }) => view === shown);
  const [two, three] = [ofView("Tester"), ofView("Token")];
  assert.ok(two && three);
  assert.notEqual(two.digest, three.digest);
  assert.match(two.digest ?? "", /^[0-9a-f]{16}$/);
  assert.doesNotMatch(posted.join(), /planted/);
  first.ask(Date.now() + 60_000);
  assert.deepEqual(first.of("https://dev.test"), [], "a tab that is silent is forgotten");
});

test("token that no call has used, or that ends soon, is not asked for", async () => {
  let asked = 0;
  const digest = (token: Status["token"]) => {
    const status = () => ({ token }) as Status;
    const next = async () => {
      asked += 1;
      return "planted-token";
    };
    return digestOf({ status, token: next } as unknown as Instance);
  };
  const now = Date.now();
  assert.equal(await digest(held(now + 1_000_000)), "", "it would be renewed from then on");
  assert.equal(await digest({ ...held(now + 20_000), renewsAt: now }), "");
  assert.equal(asked, 0);
  assert.match(await digest({ ...held(now + 1_000_000), renewsAt: now }), /^[0-9a-f]{16}$/);
});

test("facts that come late are not shown for another connection", async () => {
  let end: (thrown: Error) => void = () => undefined;
  const readInventory = () => new Promise<never>((_, reject) => (end = reject));
  const identity = createIdentity(async () => ({ readInventory, audit: () => assert.fail() }));
  const auth = { kind: "bearer", token: newSecretRef() } as const;
  const route = { way: "direct", instanceUrl: "https://dev.test", auth } as const;
  const environment = newEnvironment({ name: "DEV", kind: "dev", route });
  const read = identity.readFacts({} as Instance, environment);
  await new Promise((resolve) => setTimeout(resolve));
  identity.clear();
  end(new Error("aborted"));
  await read;
  assert.deepEqual(identity.facts.value, { name: "none", problem: "" });
});

test("words say how many of several secrets are remembered", () => {
  assert.match(keptWords(0, 0), /^No secret/);
  assert.match(keptWords(1, 1), /^The secret is remembered/);
  assert.match(keptWords(2, 2), /^The 2 secrets are remembered/);
  assert.match(keptWords(2, 0), /^The 2 secrets are held in memory only/);
  assert.match(keptWords(3, 1), /^Of 3 secrets 1 is remembered, .*; 2 are held in memory only/);
});
