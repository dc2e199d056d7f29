/** An object of the model, or a part of it, as what a write takes. */
import type { LeftOut, ModelProblem, WriteOptions, WrittenPart } from "sysparm/model";
import { AUTOMATIC_COLUMNS } from "../shared/automatic-columns.js";
import { nearest } from "../shared/nearest.js";
import { Unfit } from "./conversions.js";
import { refusedBy } from "./error.js";
import type { Converts, Reading } from "./read.js";

/** How the objects of a table are written. */
export interface Writing extends Reading {
  readonly journals: ReadonlySet<string>;
}

/** An object keeps its class: its kind depends on it. The instance computes the path of a domain. As in src/model/compile.rs. */
const AUTOMATIC: readonly string[] = [...AUTOMATIC_COLUMNS, "sys_class_name", "sys_domain_path"];

/** Members of an object that are not values. */
const FRAME = new Set(["kind", "table", "custom", "extra", "unread"]);

class Writer {
  readonly fields = new Map<string, string>();
  readonly left: LeftOut[] = [];
  readonly problems: ModelProblem[] = [];
  readonly #plan: Writing;
  readonly #leaves: boolean;

  constructor(plan: Writing, leaves: boolean) {
    this.#plan = plan;
    this.#leaves = leaves;
  }

  field(name: string, given: unknown, extra: boolean): void {
    const path = extra ? `extra.${name}` : name;
    const found = this.#plan.lines.find(({ line }) => line.field === name && (line.extra ?? false) === extra);
    if (!found) {
      this.#refuseUnknown(name, path, extra);
    } else if (found.line.readOnly) {
      this.#unwritable(path, found.line.column);
    } else if (this.#leaves && found.line.shape === "money" && Object(given).currency === null) {
      // Written, the amount would get the currency of the session.
      this.left.push({ field: path, column: found.line.column, reason: "currency" });
    } else {
      this.#convert(found, given, path);
    }
  }

  custom(column: string, content: unknown): void {
    const path = `custom.${column}`;
    const raw = rawOf(content);
    if (this.#plan.journals.has(column)) {
      if (this.#leaves) this.left.push({ field: path, column, reason: "journal" });
      else this.#refuse("write.mapped", path, `\`${column}\` is a journal. Write \`comment\` or \`workNote\``);
    } else if (this.#plan.mapped.has(column)) {
      const field = this.#plan.lines.find(({ line }) => line.column === column)?.line.field;
      this.#refuse("write.mapped", path, `\`${column}\` is mapped. Write \`${field}\``);
    } else if (AUTOMATIC.includes(column) || column.includes(".")) {
      this.#unwritable(path, column);
    } else if (raw === undefined) {
      if (this.#leaves) this.left.push({ field: path, column, reason: "unread" });
      else this.#refuse("write.type", path, `\`${path}\` is neither a value nor an object with a stored \`value\``);
    } else {
      this.fields.set(column, raw);
    }
  }

  #convert({ line, conversion }: Converts, given: unknown, path: string): void {
    try {
      this.fields.set(line.column, given === null ? "" : conversion.write(given));
    } catch (thrown) {
      if (!(thrown instanceof Unfit)) throw thrown;
      this.#refuse(thrown.code, path, `\`${path}\` ${thrown.reason}`);
    }
  }

  #unwritable(path: string, column: string): void {
    if (this.#leaves) this.left.push({ field: path, column, reason: "read-only" });
    else {
      const why = column.includes(".")
        ? `cannot be written: \`${column}\` belongs to another record. Write that one`
        : 'is read only. Leave it out, or pass readOnly "leave"';
      this.#refuse("write.read-only", path, `\`${path}\` ${why}`);
    }
  }

  #refuseUnknown(name: string, path: string, extra: boolean): void {
    const names = this.#plan.lines.filter(({ line }) => (line.extra ?? false) === extra).map(({ line }) => line.field);
    const [near] = nearest(name, names);
    const step = near === undefined ? "Leave it out, or name its column in the map." : `Did you mean ${near}?`;
    const message = `\`${path}\` has no column in ${this.#plan.table}. ${step}`;
    this.problems.push({ code: "write.unknown-field", path, message });
  }

  #refuse(code: string, path: string, words: string): void {
    this.problems.push({ code, path, message: `${words}.` });
  }
}

/** Writes a part. @throws ModelError with every problem */
export function writePart(plan: Writing, part: Readonly<Record<string, unknown>>, options: WriteOptions): WrittenPart {
  const writer = new Writer(plan, options.readOnly === "leave");
  const { kind = plan.kind, table = plan.table, custom, extra, unread } = part;
  if (kind !== plan.kind)
    writer.problems.push({ code: "write.type", path: "kind", message: `The object is no ${plan.kind} but a ${kind}.` });
  if (table !== plan.table) {
    const message = `The object is of ${table}, and this plan of ${plan.table}. Write it by the plan of its table.`;
    writer.problems.push({ code: "write.type", path: "table", message });
  }
  for (const [name, given] of entries(part)) if (!FRAME.has(name)) writer.field(name, given, false);
  for (const [name, given] of entries(extra)) writer.field(name, given, true);
  for (const [column, content] of entries(custom)) writer.custom(column, content);
  for (const value of Array.isArray(unread) ? unread : []) {
    const { field, column } = Object(value);
    if (!writer.fields.has(column)) writer.left.push({ field, column, reason: "unread" });
  }
  if (writer.problems.length > 0) throw refusedBy("model.refused", "The object cannot be written.", writer.problems);
  return { fields: Object.fromEntries(writer.fields), left: writer.left };
}

/** The members that are given. */
function entries(given: unknown): [string, unknown][] {
  return Object.entries(Object(given)).filter(([, value]) => value !== undefined);
}

/** What a cell stores. */
function rawOf(content: unknown): string | undefined {
  if (content === null) return "";
  if (["string", "number", "boolean"].includes(typeof content)) return String(content);
  const { value } = Object(content);
  return value === null ? "" : typeof value === "string" ? value : undefined;
}
