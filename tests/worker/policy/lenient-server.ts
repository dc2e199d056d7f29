/**
 * What a server that is as lenient as any might do with a request. It shares no code with the policy engine. Where servers differ (repeated
 * parameters, the case of names, what is decoded how often, `;`, how `^^` is read), everything that any of them would do counts.
 */

/** A request as the instance receives it. */
export interface Received {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string | undefined;
}

/** What a request could touch. */
export interface Touched {
  readonly method: string;
  /** The API's name, or the whole path of one without tables. */
  readonly api: string;
  readonly table: string;
  /** Whether the path names a record behind the table. */
  readonly record: boolean;
  /** Fields whose values come back; `*` for all own ones. */
  readonly reads: Set<string>;
  readonly compares: Set<string>;
  readonly writes: Set<string>;
  /** Most rows; undefined without a limit. */
  rows: number | undefined;
  displayValues: boolean;
  textSearch: boolean;
  readonly views: Set<string>;
  /** For a list of attachments: the tables whose files could be in it; `*` for every one. */
  readonly filesOf: Set<string>;
  /** Scripts, dynamic filters and other tables inside a query. */
  readonly strange: Set<string>;
}

/** Headers that the gateway passes on. */
const PASSED_ON = ["accept", "accept-encoding", "accept-language", "content-type", "x-no-response-body"];

/** Everything that a request could touch: one entry for each API call in it, more than one for a batch. */
export function touchedBy(received: Received, insideBatch = false): Touched[] {
  const headers = received.headers.map(([name, value]) => [name.trim().toLowerCase(), value] as const);
  const arriving = insideBatch ? headers : headers.filter(([name]) => PASSED_ON.includes(name));
  const override = arriving.find(([name]) => name.includes("method"))?.[1];
  const [path = "", ...rest] = received.target.split("?");
  const segments = twice(path)
    .toLowerCase()
    .split("/")
    .filter((segment) => segment !== "");
  const [, namespace, ...names] = segments;
  if (/^v\d+$/.test(names[0] ?? "")) names.shift();
  const [api = "", table = ""] = names;
  const method = (override ?? received.method).toUpperCase();
  if (namespace === "now" && api === "batch")
    return itemsOf(received.body ?? "").flatMap((item) => touchedBy(item, true));
  const known = namespace === "now" && ["table", "stats", "attachment", "import", "graphql"].includes(api);
  const touched: Touched = {
    method: method === "HEAD" ? "GET" : method,
    api: known ? api : `/${segments.join("/")}`,
    table: known ? table : "",
    record: known && names.length > 2,
    reads: new Set(),
    compares: new Set(),
    writes: new Set(),
    rows: undefined,
    displayValues: false,
    textSearch: false,
    views: new Set(),
    filesOf: new Set(),
    strange: new Set(),
  };
  const isForm = arriving.some(([name, value]) => name === "content-type" && value.includes("form"));
  const readings = [rest.join("?"), ...(isForm ? [received.body ?? ""] : [])].flatMap(readingsOf);
  for (const parameters of readings) touch(touched, parameters);
  touched.rows = readings.every((parameters) => limits(parameters).length > 0)
    ? Math.max(...readings.flatMap(limits))
    : undefined;
  for (const [, name = ""] of (received.body ?? "").matchAll(/"((?:[^"\\]|\\.)*)"\s*:/g))
    touched.writes.add(JSON.parse(`"${name}"`));
  return [touched];
}

function twice(text: string): string {
  return decode(decode(text));
}

/** Percent-decoding that leaves what it cannot decode. */
function decode(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) => {
    try {
      return decodeURIComponent(bytes);
    } catch {
      return bytes;
    }
  });
}

type Pair = readonly [string, string];

/** The parameters as differing servers read them. */
function readingsOf(query: string): Pair[][] {
  const readings: Pair[][] = [];
  for (const separator of [/&/, /[&;]/]) {
    for (const before of [false, true]) {
      for (const plus of [false, true]) {
        const text = before ? decode(query) : query;
        const pairs = text.split(separator).map((pair): Pair => {
          const [name = "", ...value] = pair.split("=");
          const spaced = (part: string) => decode(plus ? part.replaceAll("+", " ") : part);
          return [spaced(name).trim().toLowerCase().replace(/\[.*$/, ""), spaced(value.join("="))];
        });
        readings.push(
          pairs,
          pairs.map(([name, value]): Pair => [decode(name).trim().toLowerCase(), decode(value)]),
        );
      }
    }
  }
  return readings;
}

function limits(parameters: readonly Pair[]): number[] {
  const given = parameters.filter(([name]) => name === "sysparm_limit").map(([, value]) => Number.parseInt(value, 10));
  return given.map((limit) => (Number.isNaN(limit) || limit <= 0 ? Number.POSITIVE_INFINITY : limit));
}

const VALUES = ["avg", "min", "max", "sum"].map((measure) => `sysparm_${measure}_fields`);

function touch(touched: Touched, parameters: readonly Pair[]): void {
  const named = parameters.filter(([name]) => name === "sysparm_fields").flatMap(([, value]) => value.split(/[,;\s]+/));
  const fields = named.filter((name) => name !== "" && name !== "*");
  if (fields.length === 0 && touched.api !== "stats" && touched.method !== "DELETE") touched.reads.add("*");
  for (const field of fields) touched.reads.add(field);
  const queries = parameters.filter(([name]) => name === "sysparm_query");
  for (const table of queries.length === 0
    ? ["*"]
    : queries.flatMap(([, value]) => [...tablesOfFiles(value), ...tablesOfFiles(value.replaceAll("^^", "\0"))]))
    touched.filesOf.add(table);
  for (const [name, value] of parameters) {
    if (name === "sysparm_query") touchQuery(touched, value);
    else if (VALUES.includes(name)) addTo(touched.reads, value.split(","));
    else if (name === "sysparm_group_by") {
      addTo(touched.reads, value.split(","));
      addTo(touched.compares, value.split(","));
    } else if (name === "sysparm_having")
      addTo(
        touched.reads,
        value.split(",").map((one) => one.split("^")[1] ?? ""),
      );
    else if (name === "sysparm_order_by")
      addTo(
        touched.reads,
        value.split(/[,^]/).filter((part) => !/^(COUNT|AVG|MIN|MAX|SUM|DESC|ASC)$/.test(part)),
      );
    else if (name === "sysparm_view") touched.views.add(value);
    else if (/display_?value/.test(name) && value.toLowerCase() !== "false") touched.displayValues = true;
    else if (["sysparm_tiny", "sysparm_action", "sysparm_query_no_domain", "jsonv2", "_method"].includes(name))
      touched.strange.add(name);
    else if (name === "table_name" && touched.api === "attachment") touched.compares.add(`table_name=${value}`);
    else if (value !== "" && /^[a-z_.]+$/.test(name) && !name.startsWith("sysparm_")) {
      touched.compares.add(name);
      // The instance may put it into an encoded query.
      touchQuery(touched, `${name}=${value}`);
    }
  }
}

/** The tables that a query on sys_attachment leaves: in each group, those that all its conditions on the table name. */
function tablesOfFiles(query: string): string[] {
  // What is behind the mark of the end may be ignored.
  const [counted = ""] = `^${query}`.split("^EQ");
  return counted
    .slice(1)
    .split("^NQ")
    .flatMap((group) => {
      const conditions: string[][] = [];
      for (const term of group.replace(/^NQ/, "").split("^")) {
        if (/^OR(?!DERBY)/.test(term)) conditions.at(-1)?.push(term.slice(2));
        else conditions.push([term]);
      }
      const restricting = conditions.filter((alternatives) =>
        alternatives.every((term) => term.startsWith("table_name=")),
      );
      const [first, ...others] = restricting.map((terms) => terms.map((term) => term.slice("table_name=".length)));
      return first?.filter((table) => others.every((tables) => tables.includes(table))) ?? ["*"];
    });
}

function addTo(set: Set<string>, names: readonly string[]): void {
  for (const name of names) if (name.trim() !== "") set.add(name.trim());
}

function touchQuery(touched: Touched, query: string): void {
  // With `^^` as an escaped caret, and without.
  const escaped = query
    .replaceAll("^^", "\0")
    .split("^")
    .map((piece) => piece.replaceAll("\0", "^"));
  for (const piece of [...escaped, ...query.split(/[\^\n\r]/)]) touchPiece(touched, piece);
}

function touchPiece(touched: Touched, piece: string): void {
  const term = piece.replace(/^(?:NQ|EQ|OR(?!DERBY))+/, "");
  if (term === "") return;
  if (/^(?:END)?(?:RLQUERY|SUBQUERY|JOIN)/.test(term)) touched.strange.add(term);
  if (term.startsWith("123TEXTINDEXGROUP")) touched.strange.add(term);
  if (term.startsWith("123TEXTQUERY")) touched.textSearch = true;
  const sorted = /^(?:ORDERBYDESC|ORDERBY|GROUPBY)(.*)$/s.exec(term)?.[1];
  if (sorted !== undefined) addTo(touched.compares, sorted.split(","));
  if (touched.api === "stats" && term.startsWith("GROUPBY")) addTo(touched.reads, [term.slice("GROUPBY".length)]);
  if (/javascript\s*:/i.test(term.replace(/javascript:gs\.(?:daysAgo|beginningOf|endOf|getUserID)\w*\([\d, ]*\)/g, "")))
    touched.strange.add(term);
  const field = /^[a-z_][a-z0-9_.]*/.exec(term)?.[0];
  if (field === undefined) return;
  const rest = term.slice(field.length);
  if (rest === "") return;
  touched.compares.add(field);
  if (/^(?:DYNAMIC|IN_HIERARCHY)/.test(rest)) touched.strange.add(term);
  const other = /^(?:N?SAMEAS|[GL]T_(?:OR_EQUALS_)?FIELD|MORETHAN|LESSTHAN)([^@^]*)/.exec(rest)?.[1];
  if (other) touched.compares.add(other);
}

/** Requests of a batch: those that a JSON parser finds, and every address in it. */
function itemsOf(body: string): Received[] {
  let batch: { rest_requests?: unknown };
  try {
    batch = JSON.parse(body);
  } catch {
    return [];
  }
  const items = Array.isArray(batch.rest_requests) ? batch.rest_requests : [];
  const found = items.map((item): Received => {
    const { method = "", url = "", headers = [], body: text = "" } = item as Record<string, never>;
    const pairs = (headers as { name: string; value: string }[]).map(({ name, value }) => [name, value] as const);
    return { method, target: url, headers: pairs, body: text === "" ? undefined : atob(text) };
  });
  const addresses = [...body.matchAll(/"(\/api\/[^"]*)"/g)].map(([, url = ""]) => url);
  const others = addresses.filter((url) => !found.some(({ target }) => target === url));
  return [...found, ...others.map((target): Received => ({ method: "GET", target, headers: [] }))];
}
