/**
 * Measures the query of keyset pagination on tables of 1,000,000 rows in PostgreSQL, MariaDB and SQLite, translated to SQL term by
 * term: the time of a page of 1,000 whole rows at the beginning, in the middle and at the end, and the time of the rejected forms.
 * Starts its own servers in temporary folders and stops only those. `node --import tsx benches/databases.ts SQLite` runs one alone.
 */
import { createHash } from "node:crypto";
import { type Engine, PER_SECOND, ROWS } from "./databases/engine.ts";
import { type Form, type Position, REJECTED, walkQuery } from "./databases/keyset.ts";
import { mariadb } from "./databases/mariadb.ts";
import { postgresql } from "./databases/postgresql.ts";
import { pageOf } from "./databases/sql.ts";
import { sqlite } from "./databases/sqlite.ts";
import { load, median, report } from "./measures.ts";

const ENGINES = { PostgreSQL: postgresql, MariaDB: mariadb, SQLite: sqlite };
const DEPTHS = { first: 0, middle: ROWS / 2, last: ROWS - 1001 };
const ROUNDS = 21;
const SLOW_ROUNDS = 3;
const FLAT = 1.7;

for (const [name, start] of Object.entries(ENGINES)) {
  if (process.argv[2] && process.argv[2] !== name) continue;
  const engine = await start();
  try {
    console.log(`${engine.name}, ${ROWS} rows, an index on (sys_updated_on, sys_id); ${load()}`);
    await measure(engine);
  } finally {
    await engine.stop();
  }
}

async function measure(engine: Engine): Promise<void> {
  const own: string[] = [];
  for (const depth of Object.values(DEPTHS)) {
    const statement = pageOf(await walkQuery(depth === 0 ? undefined : rowAt(depth)));
    const [first] = await engine.ids(statement);
    const expected = rowAt(depth === 0 ? 0 : depth + 1).id;
    if (first !== expected) throw new Error(`${engine.name}: the page behind row ${depth} begins with ${first}`);
    own.push(statement);
  }
  await engine.time(own);
  print("keyset pagination", await medians(engine, own, ROUNDS), `last to first at most ${FLAT}`);
  for (const form of REJECTED) {
    const statements = Object.values(DEPTHS).map((depth) => statementOf(form, depth));
    print(`  ${form.name}`, await medians(engine, statements, SLOW_ROUNDS));
  }
}

/** The depths take turns, so that other work on the machine slows all of them. */
async function medians(engine: Engine, statements: string[], rounds: number): Promise<number[]> {
  const times = await engine.time(Array.from({ length: rounds }, () => statements).flat());
  if (times.length !== rounds * statements.length) throw new Error(`${engine.name} reported ${times.length} times`);
  return statements.map((_, which) => median(times.filter((_, number) => number % statements.length === which)));
}

function statementOf(form: Form, depth: number): string {
  if (form.behind) return pageOf(form.behind(rowAt(depth)));
  return pageOf("ORDERBYsys_updated_on^ORDERBYsys_id", depth);
}

function print(name: string, times: number[], aim = ""): void {
  const [first = Number.NaN, , last = Number.NaN] = times;
  const each = times.map((time) => time.toFixed(1)).join(", ");
  report(name, `${each} ms first, middle, last; last to first ${(last / first).toFixed(2)}`, aim);
}

/** The row at this place of the order, computed as the tables are filled. */
function rowAt(place: number): Position {
  const second = Math.floor(place / PER_SECOND);
  const ids = Array.from({ length: PER_SECOND }, (_, number) => {
    return createHash("md5")
      .update(String(second * PER_SECOND + number))
      .digest("hex");
  }).sort();
  const updated = new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString().slice(0, 19).replace("T", " ");
  return { updated, id: ids[place % PER_SECOND] ?? "" };
}
