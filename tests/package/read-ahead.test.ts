/**
 * The prefetch queue alone, with a table that changes, replies in any order, pages that are too large, failures and aborts. The test
 * runner fails on an unhandled rejection.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Answered } from "../../www/glue/src/protocol/call.ts";
import { pageRequests } from "../../www/glue/src/shared/page-requests.ts";
import { deliverInOrder, type PageSource } from "../../www/glue/src/shared/read-ahead.ts";

type Row = { sys_id: string };
type Window = { after: string; offset: number; limit: number };

/** Rows that a page requested ahead shares with the page before it. */
const JOINT = 2;

const idOf = (number: number) => String(number).padStart(6, "0");

/** Stands for the core: names windows of a table behind the last row accepted. Keyset pagination where pages ahead have to join. */
class Walk implements PageSource {
  behind: string | undefined = undefined;
  isOver = false;
  #read = 0;
  readonly #wanted: number;

  constructor(
    public pageSize: number,
    readonly by: "keyset" | "offset",
  ) {
    this.#wanted = pageSize;
  }

  path(ahead: number): string | undefined {
    if (this.isOver) return undefined;
    if (this.by === "offset") return this.#window("", this.#read + ahead * this.pageSize, this.pageSize);
    if (ahead === 0) return this.#window(this.behind ?? "", 0, this.pageSize);
    const offset = ahead * this.pageSize - JOINT;
    return this.behind === undefined || offset < 0
      ? undefined
      : this.#window(this.behind, offset, this.pageSize + JOINT);
  }

  joins(_value: string, id: string, _lastValue: string, lastId: string): boolean {
    return id === this.behind && lastId !== id;
  }

  failed(code: string): boolean {
    const canShrink = code === "page.large" && this.pageSize > 1;
    if (canShrink) this.pageSize = Math.ceil(this.pageSize / 2);
    return canShrink;
  }

  accept(rows: Row[]): string[] {
    this.#read += rows.length;
    this.behind = this.by === "keyset" ? (rows.at(-1)?.sys_id ?? this.behind) : undefined;
    this.isOver = rows.length === 0;
    // After a page that was too large the size grows again, so that pages requested ahead are no longer those that follow.
    this.pageSize = Math.min(this.#wanted, this.pageSize + 1);
    return rows.map((row) => row.sys_id);
  }

  #window(after: string, offset: number, limit: number): string {
    return JSON.stringify({ after, offset, limit } satisfies Window);
  }
}

/** A table whose replies are sent when the test says so, with the rows of that moment. */
class Server {
  readonly waiting: { path: string; resolve(answer: Answered): void; reject(reason: unknown): void }[] = [];
  readonly replies: Answered[] = [];
  asked = 0;
  highest = 0;

  constructor(
    public rows: string[],
    readonly largest: number,
  ) {}

  send = ({ path, cancellation }: { path: string; cancellation?: { addEventListener: CallableFunction } }) =>
    new Promise<Answered>((resolve, reject) => {
      this.asked += 1;
      const request = { path, resolve, reject };
      this.waiting.push(request);
      this.highest = Math.max(this.highest, this.waiting.length);
      cancellation?.addEventListener("abort", () => {
        this.waiting.splice(0);
        reject(new Error("cancelled"));
      });
    });

  reply(index: number, failure?: unknown): void {
    const [request] = this.waiting.splice(index % this.waiting.length, 1);
    if (!request) return;
    const { after, offset, limit } = JSON.parse(request.path) as Window;
    const refused = failure ?? (limit > this.largest + JOINT ? { code: "page.large" } : undefined);
    if (refused !== undefined) {
      request.reject(refused);
      return;
    }
    const ids = this.rows.filter((id) => id > after).slice(offset, offset + limit);
    const answered = { reply: undefined, result: ids.map((sys_id): Row => ({ sys_id })) };
    this.replies.push(answered);
    request.resolve(answered);
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A reading whose caller takes one page at a time, when the test says so. */
class Reading {
  readonly pages: string[][] = [];
  thrown: unknown;
  isOver = false;
  isWaiting = false;
  readonly #pages: AsyncGenerator<string[], void, undefined>;

  constructor(server: Server, walk: Walk, ahead: number, accepted: number, signal?: AbortSignal) {
    const requests = pageRequests(server.send as never, { signal });
    const pages = deliverInOrder(walk, requests, { ahead, accepted }, (rows) => walk.accept(rows as Row[]));
    this.#pages = (async function* () {
      try {
        yield* pages;
      } finally {
        requests.end();
      }
    })();
  }

  get ids(): string[] {
    return this.pages.flat();
  }

  take(): void {
    if (this.isWaiting || this.isOver) return;
    this.isWaiting = true;
    this.#next().catch((thrown) => {
      this.thrown = thrown;
      this.isOver = true;
    });
  }

  async #next(): Promise<void> {
    try {
      const { done, value } = await this.#pages.next();
      if (done) this.isOver = true;
      else this.pages.push(value);
    } finally {
      this.isWaiting = false;
    }
  }

  leave(): Promise<unknown> {
    this.isOver = true;
    return this.#pages.return();
  }
}

/** Takes and replies, in the order of the requests, until the reading is over. */
async function finish(reading: Reading, server: Server): Promise<void> {
  for (let step = 0; !reading.isOver; step += 1) {
    assert.ok(step < 2000, "the reading does not end");
    reading.take();
    await settled();
    if (reading.isWaiting && server.waiting.length > 0) server.reply(0);
    await settled();
  }
}

const step = fc.record({ kind: fc.constantFrom("take", "reply", "reply", "reply", "change"), at: fc.nat(1000) });
const scenario = fc.record({
  by: fc.constantFrom("keyset" as const, "offset" as const),
  rows: fc.integer({ min: 0, max: 90 }),
  pageSize: fc.integer({ min: 3, max: 12 }),
  largest: fc.integer({ min: 2, max: 12 }),
  ahead: fc.integer({ min: 0, max: 5 }),
  isEager: fc.boolean(),
  steps: fc.array(step, { maxLength: 60 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer T> ? T : never;

const tableOf = (rows: number) => Array.from({ length: rows }, (_, index) => idOf(10 * index));

function begin({ rows, largest, pageSize, by, ahead, isEager }: Scenario, signal?: AbortSignal) {
  const server = new Server(tableOf(rows), largest);
  const walk = new Walk(pageSize, by);
  return { server, walk, reading: new Reading(server, walk, ahead, isEager ? ahead : 0, signal) };
}

/** Does the scenario's steps and checks the bounds after each. */
async function perform({ steps, by, ahead }: Scenario, { server, reading }: ReturnType<typeof begin>): Promise<void> {
  const every = new Set(server.rows);
  for (const { kind, at } of steps) {
    if (kind === "take") reading.take();
    if (kind === "reply" && server.waiting.length > 0) server.reply(at);
    // Offset pagination promises nothing for a table that changes.
    if (kind === "change" && by === "keyset" && at % 2 === 0)
      server.rows = server.rows.filter((_, index) => index !== at % 97);
    if (kind === "change" && by === "keyset" && at % 2 === 1)
      server.rows = [...new Set([...server.rows, idOf(at)])].sort();
    for (const id of every) if (!server.rows.includes(id)) every.delete(id);
    await settled();
    assert.ok(server.waiting.length <= Math.max(1, ahead + 1), `${server.waiting.length} requests in flight`);
  }
  await finish(reading, server);
  assert.equal(reading.thrown, undefined);
  const ids = reading.ids;
  assert.deepEqual(ids, [...new Set(ids)].sort(), "rows out of order or repeated");
  const read = new Set(ids);
  for (const id of every) assert.ok(read.has(id), `${id} is missing`);
}

test("pages are delivered once, in order, however replies arrive", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => perform(given, begin(given))),
    { numRuns: 250 },
  );
});

test("capacity: `ahead` requests in flight, twice as many pages", async () => {
  const capacity = fc.record({ ahead: fc.integer({ min: 1, max: 6 }), steps: fc.array(step, { maxLength: 80 }) });
  await fc.assert(
    fc.asyncProperty(capacity, async ({ ahead, steps }) => {
      const server = new Server(tableOf(400), 10);
      const reading = new Reading(server, new Walk(2, "offset"), ahead, ahead);
      for (const { kind, at } of steps) {
        if (kind === "take") reading.take();
        else if (server.waiting.length > 0) server.reply(at);
        await settled();
        const held = server.asked - reading.pages.length;
        assert.ok(held <= (ahead > 1 ? 2 * ahead : Math.max(1, ahead)), `${held} pages for ${ahead} ahead`);
        assert.ok(server.waiting.length <= ahead, `${server.waiting.length} requests in flight`);
      }
    }),
    { numRuns: 150 },
  );
});

test("pages fill the capacity while the caller works", async () => {
  const server = new Server(tableOf(400), 10);
  const reading = new Reading(server, new Walk(2, "offset"), 3, 3);
  reading.take();
  for (let count = 0; count < 20; count += 1) {
    await settled();
    if (server.waiting.length > 0) server.reply(0);
  }
  assert.deepEqual(reading.pages, [["000000", "000010"]]);
  assert.equal(server.asked, 4);
  assert.equal(server.highest, 3);
});

test("pages that overtake a late one are replaced, up to capacity", async () => {
  const server = new Server(tableOf(400), 10);
  const reading = new Reading(server, new Walk(2, "offset"), 3, 3);
  reading.take();
  for (let count = 0; count < 20; count += 1) {
    await settled();
    // The first one is never answered.
    if (server.waiting.length > 1) server.reply(1);
  }
  assert.equal(server.asked, 6);
  assert.equal(reading.pages.length, 0);
  server.reply(0);
  await finish(reading, server);
  assert.deepEqual(reading.ids, tableOf(400));
});

test("page accepted on demand is accepted when asked for", async () => {
  const server = new Server(tableOf(40), 10);
  const walk = new Walk(2, "offset");
  const reading = new Reading(server, walk, 3, 0);
  reading.take();
  for (let count = 0; count < 20; count += 1) {
    await settled();
    if (server.waiting.length > 0) server.reply(0);
  }
  assert.equal(server.waiting.length, 0);
  assert.equal(walk.path(0), JSON.stringify({ after: "", offset: 2, limit: 2 }));
  await finish(reading, server);
  assert.deepEqual(reading.ids, tableOf(40));
});

test("failure is thrown after the pages before it", async () => {
  const failing = fc.record({ scenario, failAt: fc.nat(90) });
  await fc.assert(
    fc.asyncProperty(failing, async ({ scenario: given, failAt: place }) => {
      const { server, reading } = begin({ ...given, by: "offset", largest: 100 });
      const failAt = place % (given.rows + 1);
      const failure = { code: "access.denied" };
      const fails = ({ path }: { path: string }) => (JSON.parse(path) as Window).offset >= failAt;
      const isFailing = () => server.waiting.findIndex(fails);
      for (const { kind, at } of given.steps) {
        if (kind === "take") reading.take();
        else if (isFailing() >= 0) server.reply(isFailing(), failure);
        else if (server.waiting.length > 0) server.reply(at);
        await settled();
      }
      for (let count = 0; !reading.isOver; count += 1) {
        assert.ok(count < 2000, "the reading does not end");
        reading.take();
        await settled();
        if (isFailing() >= 0) server.reply(isFailing(), failure);
        else if (server.waiting.length > 0) server.reply(0);
        await settled();
      }
      const before = tableOf(given.rows).slice(0, Math.ceil(failAt / given.pageSize) * given.pageSize);
      assert.deepEqual(reading.ids, before);
      assert.equal(reading.thrown, failure);
    }),
    { numRuns: 150 },
  );
});

test("abort rejects with its reason and requests nothing more", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, fc.nat(40), async (given, abortAt) => {
      const controller = new AbortController();
      const { server, reading } = begin(given, controller.signal);
      for (const { kind, at } of given.steps.slice(0, abortAt)) {
        if (kind === "take") reading.take();
        else if (server.waiting.length > 0) server.reply(at);
        await settled();
      }
      if (reading.isOver) return;
      const reason = new Error("enough");
      const { asked } = server;
      controller.abort(reason);
      await settled();
      reading.take();
      await settled();
      assert.equal(reading.thrown, reason);
      assert.equal(server.asked, asked);
      assert.equal(server.waiting.length, 0);
    }),
    { numRuns: 150 },
  );
});

test("caller that leaves ends its requests", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, fc.nat(40), async (given, leaveAt) => {
      const { server, reading } = begin(given);
      for (const { kind, at } of given.steps.slice(0, leaveAt)) {
        if (kind === "take") reading.take();
        else if (server.waiting.length > 0) server.reply(at);
        await settled();
      }
      // A generator that is waited for returns after the page it waits for.
      if (reading.isWaiting) return;
      const { asked } = server;
      await reading.leave();
      await settled();
      assert.equal(server.asked, asked);
      if (reading.pages.length > 0) assert.equal(server.waiting.length, 0);
    }),
    { numRuns: 150 },
  );
});

test("replies of delivered pages no longer reference their rows", async () => {
  const server = new Server(tableOf(60), 10);
  const reading = new Reading(server, new Walk(4, "offset"), 4, 4);
  await finish(reading, server);
  assert.deepEqual(reading.ids, tableOf(60));
  assert.ok(server.replies.length > 15);
  for (const { result } of server.replies) assert.equal((result as Row[] | undefined)?.length ?? 0, 0);
});

test("error of the core is thrown to the caller", async () => {
  const server = new Server(tableOf(60), 10);
  const broken = new Error("instance.broken");
  for (const breaksAt of ["path", "accept", "failed"] as const) {
    const walk = new Walk(4, "offset");
    const reading = new Reading(server, walk, 3, 3);
    reading.take();
    await settled();
    walk[breaksAt] = () => {
      throw broken;
    };
    server.reply(0, breaksAt === "failed" ? { code: "page.large" } : undefined);
    await settled();
    for (let count = 0; !reading.isOver && count < 20; count += 1) {
      reading.take();
      await settled();
    }
    assert.equal(reading.thrown, broken, breaksAt);
  }
});
