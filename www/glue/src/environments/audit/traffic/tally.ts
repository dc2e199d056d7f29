/** Adds calls up by table and API. Everything is bounded; what is beyond a bound is a gap. */
import type {
  ApiTraffic,
  OperationTraffic,
  TableOperation,
  TableTraffic,
  Traffic,
  TrafficGap,
} from "sysparm/environments";

/** Bounds of one result. A recording beyond them is not of one integration. */
const MOST = { tables: 1000, fields: 500, apis: 500, users: 200, grants: 20, gaps: 200 };

type FieldUse = "read" | "queried" | "written";

interface TableTally {
  operations: Map<TableOperation, OperationTraffic>;
  all: boolean;
  fields: Record<FieldUse, Set<string>>;
}

export class Tally {
  calls = 0;
  passedOver = 0;
  readonly #tables = new Map<string, TableTally>();
  readonly #apis = new Map<string, ApiTraffic>();
  readonly #users = new Map<string, { name: string; calls: number }>();
  readonly #means = new Map<string, Traffic["means"][number]>();
  readonly #grants = new Map<string, Traffic["grants"][number]>();
  readonly #gaps = new Map<string, TrafficGap>();
  #from = Infinity;
  #until = -Infinity;

  /** `through` is the API, or what implies the operation. */
  use(table: string, operation: TableOperation, through: string, refused: boolean): void {
    const tally = this.#table(table);
    if (!tally) return;
    const noted = tally.operations.get(operation) ?? { calls: 0, refused: 0, through: [] };
    tally.operations.set(operation, noted);
    noted[refused ? "refused" : "calls"] += 1;
    if (!noted.through.includes(through)) noted.through.push(through);
  }

  /** Every field where none is named. */
  fields(table: string, kind: FieldUse, names: readonly string[]): void {
    const tally = this.#table(table);
    if (!tally) return;
    for (const name of names) {
      if (tally.fields[kind].size < MOST.fields) tally.fields[kind].add(name);
      else this.#tooMany(`fields of ${table}`);
    }
  }

  allFields(table: string): void {
    const tally = this.#table(table);
    if (tally) tally.all = true;
  }

  api(api: string, method: string, refused: boolean): void {
    const noted = this.#in(this.#apis, api, MOST.apis, { api, methods: [], calls: 0, refused: 0 });
    if (!noted) return;
    noted[refused ? "refused" : "calls"] += 1;
    if (!noted.methods.includes(method)) noted.methods.push(method);
  }

  sender(user: string | null, means: Traffic["means"][number]["means"] | null, at: number | null): void {
    const name = user?.slice(0, 100);
    const noted = name ? this.#in(this.#users, name, MOST.users, { name, calls: 0 }) : undefined;
    if (noted) noted.calls += 1;
    const proof = means ? this.#in(this.#means, means, 10, { means, calls: 0 }) : undefined;
    if (proof) proof.calls += 1;
    if (at === null) return;
    this.#from = Math.min(this.#from, at);
    this.#until = Math.max(this.#until, at);
  }

  grant(grant: string, refused: boolean): void {
    const noted = this.#in(this.#grants, grant, MOST.grants, { grant, requests: 0, refused: 0 });
    if (!noted) return;
    noted.requests += 1;
    if (refused) noted.refused += 1;
  }

  gap(code: TrafficGap["code"], what: string, message: string): void {
    const key = `${code} ${what}`;
    if (this.#gaps.size >= MOST.gaps && !this.#gaps.has(key)) return;
    const noted = this.#gaps.get(key) ?? { code, what, calls: 0, message };
    noted.calls += 1;
    this.#gaps.set(key, noted);
  }

  result(): Traffic {
    return {
      from: Number.isFinite(this.#from) ? this.#from : null,
      until: Number.isFinite(this.#until) ? this.#until : null,
      calls: this.calls,
      tables: sorted([...this.#tables].map(shown), ({ table }) => table),
      apis: sorted([...this.#apis.values()], ({ api }) => api),
      users: sorted([...this.#users.values()], ({ name }) => name),
      means: sorted([...this.#means.values()], ({ means }) => means),
      grants: sorted([...this.#grants.values()], ({ grant }) => grant),
      gaps: sorted([...this.#gaps.values()], ({ code, what }) => `${code} ${what}`),
      passedOver: this.passedOver,
    };
  }

  #table(name: string): TableTally | undefined {
    return this.#in(this.#tables, name, MOST.tables, {
      operations: new Map(),
      all: false,
      fields: { read: new Set(), queried: new Set(), written: new Set() },
    });
  }

  #in<T>(map: Map<string, T>, key: string, most: number, fresh: T): T | undefined {
    const known = map.get(key);
    if (known) return known;
    if (map.size >= most) return this.#tooMany("names");
    map.set(key, fresh);
    return fresh;
  }

  #tooMany(what: string): undefined {
    this.gap("too-many", what, "The recording names more than is counted: record fewer calls, of one integration.");
  }
}

function shown([table, { operations, all, fields }]: [string, TableTally]): TableTraffic {
  const names = (kind: FieldUse) => [...fields[kind]].sort();
  return {
    table,
    operations: Object.fromEntries(operations),
    fields: { all, read: names("read"), queried: names("queried"), written: names("written") },
  };
}

function sorted<T>(items: T[], key: (item: T) => string): T[] {
  return items.sort((one, other) => (key(one) < key(other) ? -1 : 1));
}
