/**
 * `sysparm/schema`: a table's schema, read once for all callers within its maximum age.
 *
 * in memory and recent -> that one        being read -> its outcome
 * else in the store and recent -> that one, into memory        else from the instance -> into memory and store
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
import { type Heartbeat, heartbeat, waitWhile } from "../shared/heartbeat.js";
import { HOUR, isYoung, MOST_KEPT } from "../shared/kept-schemas.js";
import { isInWorkerd } from "../shared/platform.js";
import { retraced } from "../shared/retraced.js";
import { assemble } from "./assemble.js";
import { SchemaError } from "./error.js";
import { readSchema } from "./read.js";

export { SchemaError } from "./error.js";

const STORE_MS = 2000;
/** The version of stored texts; a text of another version counts as absent. */
const FORM = 1;

interface SchemaReading {
  outcome: Promise<TableSchema>;
  /** Absent while it is being read. */
  readAt?: number;
  waiting: number;
  ends: AbortController;
  /** In a Worker, signs of the request that reads; ended with the reading. */
  reader: Heartbeat | undefined;
}

const READINGS = new WeakMap<Instance, Map<string, SchemaReading>>();

/** A table's schema, from memory, the store or the instance. */
export async function schema(instance: Instance, table: string, options: SchemaOptions = {}): Promise<TableSchema> {
  const { maxAgeMs, store, user, language, rows, signal } = checked(instance, table, options);
  signal?.throwIfAborted();
  const readings = READINGS.get(instance) ?? new Map<string, SchemaReading>();
  READINGS.set(instance, readings);
  const key = [instance.url, table, language, rows ? "rows" : "", user].join(" ");
  let reading = readings.get(key);
  // Another request may be reading it: its promise cannot be awaited here, and is never settled if that request ends.
  while (reading?.reader) {
    const { reader } = reading;
    await waitWhile(() => signal?.aborted !== true && reader.isAlive());
    signal?.throwIfAborted();
    if (readings.get(key)?.reader === reader) readings.delete(key);
    reading = readings.get(key);
  }
  const old = reading?.readAt !== undefined && !isYoung(reading.readAt, Date.now(), maxAgeMs);
  if (!reading || old || reading.ends.signal.aborted) {
    const begun = beginReading(instance, table, { language, rows }, { store, key, maxAgeMs });
    // A failure is not kept: the next caller tries again.
    begun.outcome.catch(() => readings.get(key) === begun && readings.delete(key));
    reading = begun;
  }
  readings.delete(key);
  readings.set(key, reading);
  if (readings.size > MOST_KEPT) readings.delete(readings.keys().next().value as string);
  return outcomeFor(reading, signal);
}

function beginReading(
  instance: Instance,
  table: string,
  wanted: { language: string; rows: boolean },
  { store, key, maxAgeMs }: { store: Store | undefined; key: string; maxAgeMs: number },
): SchemaReading {
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
  const reader = isInWorkerd() ? heartbeat() : undefined;
  const reading: SchemaReading = { outcome: read(), waiting: 0, ends, reader };
  const end = () => {
    reading.reader?.end();
    reading.reader = undefined;
  };
  reading.outcome.then(({ readAt }) => {
    reading.readAt = readAt;
    end();
  }, end);
  return reading;
}

/** Rejects for a caller that aborts, and aborts the reading when no caller is left. */
async function outcomeFor(reading: SchemaReading, signal: AbortSignal | undefined): Promise<TableSchema> {
  reading.waiting += 1;
  let leave: (() => void) | undefined;
  try {
    if (!signal) return await reading.outcome;
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(signal.reason);
      signal.addEventListener("abort", leave);
    });
    return await Promise.race([reading.outcome, left]);
  } catch (thrown) {
    throw retraced(thrown);
  } finally {
    reading.waiting -= 1;
    if (leave) signal?.removeEventListener("abort", leave);
    if (reading.waiting === 0 && reading.readAt === undefined) reading.ends.abort(signal?.reason);
  }
}

/** Ignores a store that fails or hangs. */
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

/** Stores are not trusted: anything that is not a complete schema of this table counts as absent. */
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
