/**
 * One `Instance` in a module variable of a Worker, in real workerd: incoming requests overlap, end early and share tokens and pace. workerd
 * refuses I/O of one request in another and cancels a request that waits for one, so each of these tests once ended in a hang.
 */
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import type { RunningWorker } from "../../www/worker/workerd-process.ts";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";
import { workerOf } from "./in-workerd.js";
import { installInto, type Project } from "./installed.js";

/** What a request of the Worker answered. */
interface Answer {
  status: number;
  answer?: unknown;
  code?: string;
  message?: string;
}

let instance: PracticeInstance;
let project: Project;
let worker: RunningWorker;
let startWorker: (compatibilityDate?: string) => Promise<RunningWorker>;

/** A token with this lifetime is renewed in the background after half of it, and is used for a second longer. */
const SHORTEST_RENEWED_S = 63;
const RENEWED_AFTER_MS = 31_600;
let backgroundDue: number;

before(async () => {
  instance = await startPracticeInstance("--rows", "500", "--quiet");
  project = installInto("shared-instance");
  const start = await workerOf(project, "tests/package/shared-instance-worker.ts");
  startWorker = (compatibilityDate) => start({ INSTANCE_URL: instance.url }, compatibilityDate);
  worker = await startWorker();
  await instance.set({ token_lifetime: SHORTEST_RENEWED_S });
  allServed([await ask("alone-background/list")]);
  await instance.set({ token_lifetime: 1800 });
  backgroundDue = Date.now() + RENEWED_AFTER_MS;
});
afterEach(() => instance.set({ delay_ms: 0, faults: [] }));
after(async () => {
  await worker?.stop();
  await instance?.stop();
  project?.remove();
});

async function ask(path: string, of = worker): Promise<Answer> {
  const reply = await fetch(`${of.url}/${path}`, { signal: AbortSignal.timeout(20_000) });
  const text = await reply.text();
  try {
    return { status: reply.status, ...JSON.parse(text) };
  } catch {
    return { status: reply.status, message: text };
  }
}

async function many(count: number, path: string, of = worker): Promise<Answer[]> {
  return Promise.all(Array.from({ length: count }, () => ask(path, of)));
}

function allServed(answers: Answer[]): void {
  const others = answers.filter(({ status }) => status !== 200);
  assert.equal(others.length, 0, `${others.length} of ${answers.length}, the first: ${JSON.stringify(others[0])}`);
}

/** The token requests while `act` runs. */
async function tokensDuring(act: () => Promise<void>): Promise<number> {
  // The journal forgets its oldest requests, so a count before says nothing.
  const began = Date.now();
  await act();
  return (await instance.journal()).filter(({ path, at }) => path === "/oauth_token.do" && at >= began).length;
}

/** Token requests take so long. */
const slowTokens = (ms: number) => ({ faults: [{ path: "/oauth_token.do", kind: { delay: { ms } } }] });

test("overlapping requests are served, and so are later ones", async () => {
  for (let time = 0; time < 3; time += 1) allServed([await ask("alone-overlap/list")]);
  allServed(await many(20, "alone-overlap/list"));
  allServed([await ask("alone-overlap/list")]);
});

test("overlapping requests are served without promises across requests", async () => {
  const older = await startWorker("2024-09-23");
  try {
    allServed([await ask("alone-older/list", older)]);
    allServed(await many(20, "alone-older/list", older));
    await instance.set(slowTokens(400));
    await instance.control("revoke-tokens", {});
    const leaving = ask("alone-older/leave?ms=100", older);
    allServed(await many(20, "alone-older/list", older));
    allServed([await leaving, await ask("alone-older/list", older)]);
  } finally {
    await older.stop();
  }
});

test("thousand requests over a dead token share one renewal", async (t) => {
  for (const way of ["alone", "objects", "memory"]) {
    allServed([await ask(`${way}-thousand/list`)]);
    await instance.control("revoke-tokens", {});
    const began = performance.now();
    const requests = await tokensDuring(async () => allServed(await many(1000, `${way}-thousand/list`)));
    t.diagnostic(`${way}: ${Math.round(performance.now() - began)} ms, the client of this test included`);
    assert.equal(requests, 1, way);
    allServed([await ask(`${way}-thousand/list`)]);
  }
});

test("token that another instance has stored is used without a wait", async () => {
  allServed([await ask("together-one/list"), await ask("together-two/list")]);
  const took: number[] = [];
  // Requests of the other instance are taken for ended after half a second. A slow machine may need as long, but not each time.
  while (took.length < 5 && !took.some((ms) => ms < 400)) {
    await instance.control("revoke-tokens", {});
    const requests = await tokensDuring(async () => {
      allServed([await ask("together-one/list")]);
      const began = performance.now();
      allServed([await ask("together-two/list")]);
      took.push(performance.now() - began);
    });
    assert.equal(requests, 1);
  }
  assert.ok(
    took.some((ms) => ms < 400),
    `${took} ms`,
  );
});

test("renewal goes on when the request that began it ends", async () => {
  for (const way of ["alone", "objects", "memory"]) {
    allServed([await ask(`${way}-left/list`)]);
    await instance.control("revoke-tokens", {});
    await instance.set(slowTokens(400));
    const requests = await tokensDuring(async () => {
      const leaving = ask(`${way}-left/leave?ms=100`);
      await new Promise((wake) => setTimeout(wake, 50));
      allServed(await many(1000, `${way}-left/list`));
      allServed([await leaving]);
    });
    assert.equal(requests, 1, way);
    allServed([await ask(`${way}-left/list`)]);
  }
});

test("calls of requests that have ended free their places", async () => {
  allServed([await ask("alone-places/list")]);
  // Longer than a request of these tests may take: the places are free before those calls would end.
  await instance.set({ delay_ms: 60_000 });
  allServed(await many(30, "alone-places/leave?ms=20"));
  await instance.set({ delay_ms: 0 });
  allServed(await many(5, "alone-places/list"));
  const { answer } = await ask("alone-places/status");
  const { breaker, callsUnderWay } = answer as { breaker: { state: string }; callsUnderWay: number };
  assert.deepEqual([breaker.state, callsUnderWay], ["closed", 0]);
});

test("failed attempt is repeated in the request of its call", async () => {
  allServed(await many(10, "alone-retry/list"));
  await instance.set({ faults: [{ path: "/api/now/table/incident", kind: { status: { status: 503 } }, count: 1 }] });
  allServed(await many(10, "alone-retry/list"));
});

test("waits for a free place end with their own time limit", async () => {
  allServed([await ask("patient-line/list")]);
  await instance.set({ delay_ms: 300 });
  const names = (await many(12, "patient-line/aborted?ms=150")).map(({ answer }) => answer);
  assert.deepEqual(names, Array(12).fill("TimeoutError"));
  allServed(await many(12, "patient-line/list"));
});

test("reads of one tick are joined within a request", async () => {
  allServed([await ask("joining-reads/two")]);
  const leaving = ask("joining-reads/leave?ms=0&act=two");
  const answers = await many(20, "joining-reads/two");
  assert.deepEqual(answers[0]?.answer, [1, 2]);
  allServed([...answers, await leaving, await ask("joining-reads/two")]);
});

test("schema is read once for overlapping requests", async () => {
  await ask("alone-schema/token");
  const before = (await instance.journal()).length;
  allServed(await many(10, "alone-schema/schema"));
  const once = (await instance.journal()).length - before;
  allServed(await many(10, "alone-schema/schema"));
  assert.equal((await instance.journal()).length - before, once, "it is kept");
  assert.ok(once < 20, `${once} requests`);
});

test("schema whose reading request ends is read by another", async () => {
  await ask("alone-unread/token");
  await instance.set({ delay_ms: 300 });
  const leaving = ask("alone-unread/leave?ms=50&act=schema");
  await new Promise((wake) => setTimeout(wake, 20));
  allServed(await many(5, "alone-unread/schema"));
  allServed([await leaving]);
});

test("pages and syncs of overlapping requests are whole", async () => {
  const all = await Promise.all([many(6, "alone-pages/pages"), many(6, "alone-pages/sync")]);
  assert.deepEqual(all.flat(), Array(12).fill({ status: 200, answer: 500 }));
});

test("close() in one request ends the calls of others", async () => {
  allServed([await ask("alone-closed/list")]);
  await instance.set({ delay_ms: 10_000 });
  const waiting = many(10, "alone-closed/list");
  await new Promise((wake) => setTimeout(wake, 200));
  allServed([await ask("alone-closed/close")]);
  assert.deepEqual([...new Set((await waiting).map(({ code }) => code))], ["instance.closed"]);
});

test("Durable Object of another request is refused with the way out", async () => {
  allServed([await ask("object-foreign/list")]);
  await instance.control("revoke-tokens", {});
  const { code, message } = await ask("object-foreign/list");
  assert.equal(code, "options.store");
  assert.match(message ?? "", /sharedTokens\(env\.TOKENS, "tokens"\)/);
});

// The last one: it waits for what was begun before the first.
test("renewal in the background outlives the request that begins it", async () => {
  await new Promise((wake) => setTimeout(wake, backgroundDue - Date.now()));
  await instance.set(slowTokens(300));
  const requests = await tokensDuring(async () => {
    allServed([await ask("alone-background/list")]);
    await new Promise((wake) => setTimeout(wake, 500));
    allServed(await many(5, "alone-background/list"));
  });
  assert.equal(requests, 1);
});
