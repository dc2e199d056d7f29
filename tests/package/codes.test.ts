/**
 * Codes and texts of errors between the WebAssembly and the JavaScript that one side does not know, as from files of two versions: every
 * call ends with `protocol.unknown-code`, and none waits endlessly.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type * as Sysparm from "sysparm";
import type * as Doctor from "sysparm/doctor";
import type * as Queries from "sysparm/query";
import type * as Syncs from "sysparm/sync";
import { readThrown } from "../../www/glue/src/protocol/thrown-text.ts";
import { progressOf } from "../../www/glue/src/sync/progress.ts";
import { installInto, type Project } from "./installed.ts";

type Run = (...given: number[]) => unknown;

let project: Project;
let sysparm: typeof Sysparm;
let doctor: typeof Doctor;
let queries: typeof Queries;
let syncs: typeof Syncs;
/** What stands before an export of the WebAssembly, by the export's name. */
let replaced: Record<string, (run: Run, ...given: number[]) => unknown> = {};

/** What the WebAssembly throws in place of the text of an error. */
let thrownText: string | undefined;

const unchanged = (run: Run, ...given: number[]) => run(...given);

/** Imports that give the WebAssembly another text where it makes the text of an error. */
function withThrownText(imports: WebAssembly.Imports = {}): WebAssembly.Imports {
  const replacing = (run: WebAssembly.ImportValue) => {
    if (typeof run !== "function") return run;
    return (...args: unknown[]) => {
      const made: unknown = run(...args);
      return thrownText !== undefined && readThrown(made) ? thrownText : made;
    };
  };
  const members = (of: WebAssembly.ModuleImports): WebAssembly.ModuleImports =>
    Object.fromEntries(Object.entries(of).map(([name, run]) => [name, replacing(run)]));
  return Object.fromEntries(Object.entries(imports).map(([name, of]) => [name, members(of)]));
}

const Own = WebAssembly.Instance;
const UNKNOWN = 99;

before(async () => {
  WebAssembly.Instance = new Proxy(Own, {
    construct(target, [module, imports]) {
      const exports = Object.entries(new target(module, withThrownText(imports)).exports).map(([name, run]) => {
        if (typeof run !== "function") return [name, run];
        const call = (...given: number[]) => (replaced[name] ?? unchanged)(run as Run, ...given);
        return [name, Object.defineProperty(call, "length", { value: run.length })];
      });
      return { exports: Object.fromEntries(exports) };
    },
  });
  project = installInto("codes");
  const entry = (name: string) => import(pathToFileURL(join(project.folder, "node_modules/sysparm/dist", name)).href);
  const entries = ["node.js", "doctor-node.js", "query-node.js", "sync-node.js"];
  [sysparm, doctor, queries, syncs] = await Promise.all(entries.map(entry));
});
afterEach(() => {
  replaced = {};
  thrownText = undefined;
});
after(() => {
  WebAssembly.Instance = Own;
  project?.remove();
});

const open = (answer: typeof fetch) =>
  sysparm.connect({ url: "http://127.0.0.1:1", auth: { token: "t" }, fetch: answer });
const record = async () => Response.json({ result: { sys_id: "a" } });
const rows = async () => Response.json({ result: [] }, { headers: { date: "Sat, 01 Nov 2025 10:00:00 GMT" } });

function isUnknown(table: string) {
  return (error: Sysparm.SysparmError) => {
    assert.equal(error.code, "protocol.unknown-code");
    assert.equal(error.kind, "instance");
    assert.match(error.message, new RegExp(`Unknown code ${UNKNOWN} of ${table}: deploy the JavaScript`));
    return true;
  };
}

/** The same of an entry that knows no kinds of failures. */
function isUnknownText(table: string) {
  return ({ code, message }: Sysparm.SysparmError) =>
    code === "protocol.unknown-code" && message.includes(`Unknown code ${UNKNOWN} of ${table}: deploy `);
}

test("unknown effect ends every call with a coded error", async () => {
  const instance = await open(record);
  replaced = { client_poll: () => UNKNOWN };
  const calls = [instance.table("incident").get("a"), instance.request("/api/x")];
  for (const call of calls) await assert.rejects(call, isUnknown("Due"));
  replaced = {};
  await assert.rejects(instance.request("/api/x"), isUnknown("Due"));
});

test("unknown effect leaves a sent write with an unknown outcome", async () => {
  const instance = await open(async () => {
    replaced = { client_poll: () => UNKNOWN };
    return record();
  });
  await assert.rejects(instance.table("incident").create({}), (error: Sysparm.SysparmError) => {
    assert.ok(error instanceof sysparm.UnknownOutcomeError);
    return isUnknown("Due")(error);
  });
});

/** An export that gets this argument as a code without a name. */
const given =
  (place: number) =>
  (run: Run, ...args: number[]) =>
    run(...args.map((arg, at) => (at === place ? UNKNOWN : arg)));

const unreachable = async () => {
  throw new TypeError("fetch failed");
};

for (const [table, name, place] of [
  ["ValueForm", "walk_new", 6],
  ["PageOrder", "walk_new", 10],
] as const) {
  test(`unknown code of ${table} given to ${name} is refused before a request`, async () => {
    const incident = (await open(record)).table("incident");
    replaced = { [name]: given(place) };
    await assert.rejects(incident.list(), isUnknown(table));
  });
}

for (const [table, name, place, answer] of [
  ["ExpectedBody", "client_start", 5, record],
  ["FoundBody", "client_replied", 5, record],
  ["EffectEnd", "client_ended", 2, unreachable],
] as const) {
  test(`unknown code of ${table} given to the core ends the call`, async () => {
    const instance = await open(answer);
    replaced = { [name]: given(place) };
    await assert.rejects(instance.table("incident").get("a"), isUnknown(table));
  });
}

test("unknown transport failure given to classify() is refused", async () => {
  await sysparm.classify({ status: 200 });
  replaced = { classifier_unanswered: given(1) };
  await assert.rejects(sysparm.classify({ transport: "silent" }), isUnknownText("TransportFailure"));
});

test("unknown unread reply ends an examination", async () => {
  replaced = { doctor_unread: given(2) };
  const auth = { grant: "client_credentials", clientId: "c", clientSecret: "s" } as const;
  const fetch = async () => Promise.reject(new TypeError("fetch failed"));
  const examination = doctor.examine({ url: "http://127.0.0.1:1", auth, fetch });
  await assert.rejects(examination.report(), isUnknownText("UnreadReply"));
});

test("unknown state of deletions is a coded error of a sync", () => {
  const numbers = (deletions: number) => [3, 2, 0, Number.NaN, 0, 1000, deletions, 1];
  assert.deepEqual(progressOf(numbers(1)), {
    total: 3,
    passed: 2,
    repeated: 0,
    hidden: null,
    deletions: "trimmed",
    hiddenDeletions: 0,
    complete: true,
    remainingMs: 1000,
  });
  assert.throws(() => progressOf(numbers(UNKNOWN)), isUnknownText("DeletionsState"));
});

async function first<T>(iterable: AsyncIterable<T>): Promise<T | undefined> {
  for await (const one of iterable) return one;
  return undefined;
}

/** What makes each WebAssembly throw. */
const REFUSED: Record<string, () => unknown> = {
  "the client": () => sysparm.connect({ url: "ftp://x", auth: { token: "t" } }),
  "a walk": async () => first((await open(record)).table("a b").pages()),
  "a call": async () => {
    const instance = await open(record);
    replaced = { client_replied: given(5) };
    await instance.table("incident").get("a");
  },
  "a query": () => queries.Query.parse("a=1^b"),
  sync: async () => first(syncs.sync((await open(rows)).table("a b"))),
  reconcile: async () => first(syncs.reconcile((await open(record)).table("a b"), { copy: [] })),
  "the doctor": () => {
    replaced = { doctor_unread: given(2) };
    const fetch = async () => Promise.reject(new TypeError("fetch failed"));
    return doctor.examine({ url: "http://127.0.0.1:1", auth: { token: "t" }, fetch }).report();
  },
  "classify()": async () => {
    replaced = { classifier_unanswered: given(1) };
    await sysparm.classify({ transport: "silent" });
  },
};

const FOREIGN = [
  "options.url\nThe URL is invalid",
  "",
  "null",
  "{}",
  '{"code":"options.url"}',
  '{"code":1,"message":2}',
];

for (const [source, refused] of Object.entries(REFUSED)) {
  test(`unreadable text thrown by ${source} is a coded error`, async () => {
    await Promise.all([queries.load(), syncs.load(), doctor.load()]);
    for (const text of FOREIGN) {
      thrownText = text;
      await assert.rejects(
        async () => refused(),
        (error: Sysparm.SysparmError) => {
          assert.ok(error instanceof sysparm.SysparmError);
          assert.equal(error.code, "protocol.unknown-code");
          assert.equal(
            error.message,
            `Unreadable error of the WebAssembly: ${text}; deploy the JavaScript and the WebAssembly of one sysparm version`,
          );
          return true;
        },
      );
      replaced = {};
    }
  });
}
