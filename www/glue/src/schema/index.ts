/**
 * `sysparm/schema`: a table's schema, read once for all who ask within its age.
 *
 * memory, young enough -> that        under way -> its outcome
 * else the store, young enough -> that, into memory        else the instance -> into memory and store
 */
import type { Instance, Store } from "sysparm";
import type { SchemaOptions, TableSchema } from "sysparm/schema";
import {
  checkArgument,
  checkOptions,
  FLAG,
  hasFunctions,
  type OptionTypes,
  SIGNAL,
  STORE,
  TEXT,
} from "../protocol/check-options.js";
import { assemble } from "./assemble.js";
import { SchemaError } from "./error.js";
import { readSchema } from "./read.js";

export { SchemaError } from "./error.js";

const HOUR = 3_600_000;
/** Tables kept in memory for one instance; the one that was asked for the longest ago goes first. */
const MOST_KEPT = 200;
const STORE_MS = 2000;
/** Of what is stored; a text of another form counts as absent. */
const FORM = 1;

interface Reading {
  outcome: Promise<TableSchema>;
  /** Of the outcome; none while it is under way. */
  readAt?: number;
  waiting: number;
  ends: AbortController;
}

const READINGS = new WeakMap<Instance, Map<string, Reading>>();

export async function schema(instance: Instance, table: string, options: SchemaOptions = {}): Promise<TableSchema> {
  const { maxAgeMs, store, user, language, rows, signal } = checked(instance, table, options);
  signal?.throwIfAborted();
  const readings = READINGS.get(instance) ?? new Map<string, Reading>();
  READINGS.set(instance, readings);
  const key = [instance.url, table, language, rows ? "rows" : "", user].join(" ");
  let reading = readings.get(key);
  const old = reading?.readAt !== undefined && !isYoung(reading.readAt, Date.now(), maxAgeMs);
  if (!reading || old || reading.ends.signal.aborted) {
    const begun = begin(instance, table, { language, rows }, { store, key, maxAgeMs });
    // A failure is nobody's schema: the next one who asks tries again.
    begun.outcome.catch(() => readings.get(key) === begun && readings.delete(key));
    reading = begun;
  }
  readings.delete(key);
  readings.set(key, reading);
  if (readings.size > MOST_KEPT) readings.delete(readings.keys().next().value as string);
  return waited(reading, signal);
}

function begin(
  instance: Instance,
  table: string,
  wanted: { language: string; rows: boolean },
  { store, key, maxAgeMs }: { store: Store | undefined; key: string; maxAgeMs: number },
): Reading {
  const at = Date.now();
  const ends = new AbortController();
  const read = async () => {
    const name = `sysparm schema ${key}`;
    const stored = store && restored(await within(() => store.get(name)), table);
    if (stored && isYoung(stored.readAt, at, maxAgeMs)) return stored;
    const found = await readSchema(instance, table, wanted, ends.signal);
    const made = assemble(table, found, wanted.language, at);
    if (store) {
      const text = JSON.stringify({ form: FORM, schema: made });
      await within(() => store.set(name, text, { expiresAt: at + Math.max(maxAgeMs, HOUR) }));
    }
    return made;
  };
  const reading: Reading = { outcome: read(), waiting: 0, ends };
  reading.outcome.then(
    ({ readAt }) => {
      reading.readAt = readAt;
    },
    () => undefined,
  );
  return reading;
}

/** A clock that was set back makes everything too young to be true. */
function isYoung(readAt: number, now: number, maxAgeMs: number): boolean {
  return readAt <= now && now - readAt < maxAgeMs;
}

/** Ends for one who gives up, and for the reading itself when nobody is left. */
async function waited(reading: Reading, signal: AbortSignal | undefined): Promise<TableSchema> {
  reading.waiting += 1;
  let leave: (() => void) | undefined;
  try {
    if (!signal) return await reading.outcome;
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal.reason);
      signal.addEventListener("abort", leave);
    });
    return await Promise.race([reading.outcome, left]);
  } finally {
    reading.waiting -= 1;
    if (leave) signal?.removeEventListener("abort", leave);
    if (reading.waiting === 0 && reading.readAt === undefined) reading.ends.abort(signal?.reason);
  }
}

/** A store that fails or hangs keeps nobody from reading. */
async function within<T>(act: () => Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, STORE_MS, undefined);
    });
    return await Promise.race([act(), late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** What a store holds is what somebody wrote: anything that is not a whole schema of this table counts as absent. */
function restored(text: unknown, table: string): TableSchema | undefined {
  try {
    const { form, schema } = JSON.parse(String(text)) as { form: unknown; schema: TableSchema };
    const whole = form === FORM && schema.table === table && Number.isFinite(schema.readAt);
    return whole && Object.keys(schema.tables[table]?.fields ?? {}).length > 0 ? schema : undefined;
  } catch {
    return undefined;
  }
}

const CODE = "schema.options";

const OPTIONS: OptionTypes<SchemaOptions> = {
  maxAgeMs: {
    expects: "milliseconds from 0",
    accepts: (value) => typeof value === "number" && value >= 0,
  },
  store: STORE,
  user: TEXT,
  // It goes into queries and addresses as it stands.
  language: { expects: "a language code, such as en", accepts: (value) => /^[\w-]{1,20}$/.test(String(value)) },
  rows: FLAG,
  signal: SIGNAL,
};

function checked(instance: Instance, table: string, options: SchemaOptions) {
  checkArgument(
    "instance",
    instance,
    { expects: "what connect() gives", accepts: (it) => hasFunctions(it, "table"), isRequired: true },
    misused,
  );
  checkOptions(options, OPTIONS, misused);
  const { maxAgeMs = HOUR, store, user = "", language = "en", rows = false, signal } = options;
  const isName = (value: unknown) => typeof value === "string" && /^\w{1,100}$/.test(value);
  checkArgument(
    "table",
    table,
    { expects: "a name of letters, digits and _", accepts: isName, isRequired: true },
    misused,
  );
  return { maxAgeMs, store, user, language, rows, signal };
}

/** One code for all that this entry refuses. */
function misused(_: string, message: string): SchemaError {
  return new SchemaError(CODE, message);
}
