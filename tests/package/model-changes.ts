/**
 * Instances that customers have changed, drawn with a seed: the dictionary after the changes, sample rows, and the map that a person who
 * knows the instance would write. The seeds were fixed before proposals of maps were written.
 */
import type { Plan, PlanLine } from "sysparm/model";
import type { Field, TableSchema } from "sysparm/schema";
import { Draw } from "./model-rows.js";
import { ADDED, CHOICES, LABELS, OTHERS, OWN, RELABELLED, TRANSLATIONS, TYPES } from "./model-stock.js";

/** Kinds of change. */
export const CHANGES = [
  "label changed",
  "prefix",
  "type changed",
  "choice values renumbered",
  "column moved to a child table",
  "translated labels",
  "column renamed",
  "choice added",
  "reference target changed",
  "column removed",
  "custom duplicate of a base column",
  "labels swapped",
] as const;
export type Change = (typeof CHANGES)[number];

/** Seeds that proposals are developed with: each for every kind of change. */
export const SEEDS = Array.from({ length: 20 }, (_, place) => 100 + place);

/** Seeds that are run once, when proposals are finished. */
export const FINAL_SEEDS = Array.from({ length: 20 }, (_, place) => 9000 + 7 * place);

/** What the right line says about a field. */
export interface Right {
  column: string | null;
  /** Of a choice, by raw value; only those that mean something. */
  values?: Record<string, string>;
  /** Of a field of the customer's own. */
  shape?: string;
  changed: boolean;
}

/** A changed instance. */
export interface Changed {
  table: string;
  schema: TableSchema;
  samples: Record<string, unknown>[];
  /** By field of the model. */
  fields: Record<string, Right>;
  /** By column of the customer's own. */
  own: Record<string, Right>;
  /** What was done, for messages. */
  done: string[];
}

const human = (column: string) => column.replace(/_/g, " ").replace(/^./, (first) => first.toUpperCase());

class Instance {
  readonly columns = new Map<string, Field>();
  readonly right: Record<string, Right> = {};
  readonly own: Record<string, Right> = {};
  readonly done: string[] = [];
  readonly #empty = new Set<string>();
  readonly #draw: Draw;
  readonly #plan: Plan;
  /** Fields that no change has touched. */
  readonly #free: PlanLine[];

  constructor(draw: Draw, plan: Plan) {
    this.#draw = draw;
    this.#plan = plan;
    for (const line of plan.lines) {
      if (!line.column.includes(".")) this.columns.set(line.column, this.#stock(line));
      const values = line.values && { values: Object.fromEntries(line.values) };
      this.right[line.field] = { column: line.column, ...values, changed: false };
    }
    for (const [label, type] of OTHERS[plan.kind === "ticket" ? "task" : plan.table] ?? []) {
      const name = label.toLowerCase().replace(/\W+/g, "_");
      if (!this.columns.has(name)) this.columns.set(name, { type, label, source: "dictionary", declaredIn: "task" });
    }
    for (const [column, label, field, shape] of draw.shuffled(OWN).slice(0, 3 + draw.below(4))) {
      this.columns.set(column, { ...field, label, custom: true, source: "dictionary", declaredIn: plan.table });
      if (shape !== null) this.own[column] = { column, shape, changed: false };
    }
    const isFree = ({ field, column, shape }: PlanLine) =>
      !column.includes(".") && shape !== "entry" && !column.startsWith("sys_") && field !== "number";
    this.#free = draw.shuffled(plan.lines.filter(isFree));
  }

  #stock(line: PlanLine): Field {
    const { column, shape, reference, readOnly } = line;
    const labels = CHOICES[`${this.#plan.table}.${column}`] ?? CHOICES[column];
    const raws = line.values?.map(([raw]) => raw) ?? Object.keys(labels ?? {});
    const choices = labels && { choices: raws.map((value) => ({ value, label: labels[value] ?? value })) };
    const type = column === "due_date" ? "due_date" : column === "sys_id" ? "GUID" : TYPES[shape];
    const label = this.#plan.table === "core_company" && column === "state" ? "State / Province" : LABELS[column];
    return {
      type,
      label: label ?? human(column),
      ...(reference !== undefined ? { reference } : {}),
      ...choices,
      ...(readOnly ? { readOnly } : {}),
      ...(type === "string" ? { maxLength: column === "description" ? 4000 : 160 } : {}),
      declaredIn: column.startsWith("sys_") ? this.#plan.table : "task",
      source: "dictionary",
    };
  }

  /** Takes a field that no change has touched. */
  #take(fits: (line: PlanLine) => boolean = () => true): PlanLine | undefined {
    const place = this.#free.findIndex(fits);
    return place < 0 ? undefined : this.#free.splice(place, 1)[0];
  }

  #set(field: string, right: Partial<Right>): void {
    Object.assign(this.right[field] as Right, right, { changed: true });
    const line = this.#plan.lines.find((it) => it.field === field);
    for (const other of this.#plan.lines.filter(({ column }) => column.startsWith(`${line?.column}.`))) {
      const behind = other.column.slice(other.column.indexOf("."));
      const column = this.right[field]?.column;
      Object.assign(this.right[other.field] as Right, { column: column ? column + behind : null, changed: true });
    }
  }

  #move(line: PlanLine, column: string, label?: string): void {
    const field = this.columns.get(line.column) as Field;
    this.columns.delete(line.column);
    this.columns.set(column, { ...field, ...(label ? { label } : {}), custom: true, declaredIn: this.#plan.table });
    this.#set(line.field, { column });
  }

  apply(change: Change): void {
    const draw = this.#draw;
    const field = (line: PlanLine) => this.columns.get(line.column) as Field;
    const touched = (line: PlanLine | undefined) => this.done.push(`${change}: ${line?.field ?? "nothing"}`);
    switch (change) {
      case "label changed": {
        const line = this.#take(({ column }) => column in RELABELLED) ?? this.#take();
        if (line) field(line).label = draw.of(RELABELLED[line.column] ?? ["Our own word", "Field 7", "Information"]);
        if (line) this.#set(line.field, {});
        touched(line);
        return;
      }
      case "prefix": {
        const line = this.#take();
        if (line) this.#move(line, draw.of(["u_", "x_acme_", "u_acme_"]) + line.column);
        touched(line);
        return;
      }
      case "type changed":
        touched(this.#retype());
        return;
      case "choice values renumbered":
        touched(this.#renumber());
        return;
      case "column moved to a child table": {
        const line = this.#take();
        if (line && draw.percent(50)) field(line).declaredIn = this.#plan.table;
        else if (line) {
          this.columns.delete(line.column);
          this.#set(line.field, { column: null });
        }
        touched(line);
        return;
      }
      case "translated labels":
        this.#translate(draw.of(Object.values(TRANSLATIONS)));
        touched(undefined);
        return;
      case "column renamed": {
        const line = this.#take(({ shape }) => shape !== "boolean");
        if (line)
          this.#move(line, draw.of(["u_field_17", "u_zz_ref", "x_acme_col_3", "u_new_value"]) + line.field.length);
        touched(line);
        return;
      }
      case "choice added":
        touched(this.#addChoice());
        return;
      case "reference target changed": {
        const line = this.#take(({ shape }) => shape === "reference");
        if (line) field(line).reference = `u_${line.column}_record`;
        if (line) this.#set(line.field, {});
        for (const other of this.#plan.lines.filter(({ column }) => column.startsWith(`${line?.column}.`)))
          this.right[other.field] = { column: null, changed: true };
        touched(line);
        return;
      }
      case "column removed": {
        const line = this.#take();
        if (line) this.columns.delete(line.column);
        if (line) this.#set(line.field, { column: null });
        touched(line);
        return;
      }
      case "custom duplicate of a base column": {
        const line = this.#take(({ shape }) => shape !== "boolean");
        if (line) this.#duplicate(line);
        touched(line);
        return;
      }
      case "labels swapped": {
        const one = this.#take();
        const other = this.#take(({ shape }) => shape === one?.shape);
        if (one && other) {
          const label = field(one).label as string;
          field(one).label = field(other).label as string;
          field(other).label = label;
          this.#set(one.field, {});
          this.#set(other.field, {});
        }
        touched(other && one);
      }
    }
  }

  /** Half of the new types hold the same values; the others hold none that the field could be read from. */
  #retype(): PlanLine | undefined {
    const other: Record<string, [string, boolean][]> = {
      text: [
        ["translated_text", true],
        ["html", true],
        ["reference", false],
      ],
      instant: [
        ["due_date", true],
        ["glide_date", false],
        ["string", false],
      ],
      integer: [
        ["string", false],
        ["longint", true],
      ],
      boolean: [
        ["string", false],
        ["integer", false],
      ],
      reference: [["string", false]],
      choice: [["string", true]],
    };
    const line = this.#take(({ shape }) => shape in other);
    if (!line) return undefined;
    const [type, fits] = this.#draw.of(other[line.shape] as [string, boolean][]);
    const { reference: _, ...field } = this.columns.get(line.column) as Field;
    this.columns.set(line.column, { ...field, type, ...(type === "reference" ? { reference: "u_text_record" } : {}) });
    this.#set(line.field, fits ? {} : { column: null });
    return line;
  }

  #renumber(): PlanLine | undefined {
    const line = this.#take(({ values }) => values !== undefined);
    const field = line && this.columns.get(line.column);
    if (!line || !field?.choices) return undefined;
    const known = new Map(line.values);
    const values: Record<string, string> = {};
    const start = this.#draw.of([10, 200, 1]);
    const step = this.#draw.of([3, 15]);
    const choices = this.#draw.shuffled(field.choices).map(({ value, label }, place) => {
      const raw = String(start + place * step);
      const meaning = known.get(value);
      if (meaning !== undefined) values[raw] = meaning;
      return { value: raw, label };
    });
    this.columns.set(line.column, { ...field, choices });
    this.#set(line.field, { values });
    return line;
  }

  #addChoice(): PlanLine | undefined {
    const line = this.#take(({ field }) => field === "status");
    const field = line && this.columns.get(line.column);
    if (!line || !field?.choices) return undefined;
    const values = { ...this.right[line.field]?.values };
    const choices = [...field.choices];
    for (const [label, value] of this.#draw.shuffled(ADDED).slice(0, 1 + this.#draw.below(2))) {
      const raw = String(40 + choices.length);
      choices.push({ value: raw, label });
      if (value !== null) values[raw] = value;
    }
    this.columns.set(line.column, { ...field, choices });
    this.#set(line.field, { values });
    return line;
  }

  #translate(words: Record<string, string>): void {
    for (const [column, field] of this.columns) {
      const line = this.#plan.lines.find((it) => it.column === column);
      if (line && field.label !== undefined && field.label in words) this.#set(line.field, {});
      const choices = field.choices?.map((choice) => ({ ...choice, label: words[choice.label] ?? choice.label }));
      const label = words[field.label ?? ""] ?? field.label;
      this.columns.set(column, { ...field, ...(label ? { label } : {}), ...(choices ? { choices } : {}) });
    }
  }

  /** Of half the duplicates the base column is not used any more. */
  #duplicate(line: PlanLine): void {
    const column = `u_${line.column}`;
    const field = this.columns.get(line.column) as Field;
    this.columns.set(column, { ...field, custom: true, declaredIn: this.#plan.table });
    if (this.#draw.percent(50)) {
      this.#empty.add(line.column);
      this.#set(line.field, { column });
    } else {
      // Without choices the dictionary shows no list.
      const plain = field.type === "integer" ? "integer" : "text";
      const isList = line.shape === "choice" || line.shape === "code";
      const shape = isList ? (field.choices ? "code" : plain) : line.shape;
      this.#set(line.field, {});
      this.own[column] = { column, shape, changed: true };
    }
  }

  samples(): Record<string, unknown>[] {
    return Array.from({ length: 12 }, () => {
      const columns = [...this.columns].map(([column, field]) => [column, this.#sample(column, field)] as const);
      return Object.fromEntries(columns);
    });
  }

  #sample(column: string, { type, choices, reference }: Field): string {
    const draw = this.#draw;
    if (this.#empty.has(column) || draw.percent(10) || type?.startsWith("journal") || type === "password2") return "";
    if (choices) return draw.of(choices).value;
    if (reference || type === "GUID") return String(draw.below(9)).repeat(32);
    const day = `2026-0${1 + draw.below(9)}-1${draw.below(9)}`;
    if (["glide_date_time", "due_date"].includes(type ?? "")) return `${day} 08:30:00`;
    if (type === "glide_date") return day;
    if (type === "boolean") return draw.of(["true", "false"]);
    if (type === "glide_duration" || type === "timer") return "1970-01-01 01:30:00";
    if (["integer", "longint", "decimal", "price", "currency"].includes(type ?? "")) return String(draw.below(100));
    return draw.of(["Mail is slow", "Abel Tuter", "Berlin", "alpha", "A longer text, with a comma and\na second line"]);
  }
}

/** An instance with a change of this kind, and with others in half of the cases. */
export function changed(
  change: Change,
  seed: number,
  planOf: (table: string) => Plan,
  tables: readonly string[],
): Changed {
  const draw = new Draw(seed * 31 + CHANGES.indexOf(change));
  const has = (line: PlanLine) => (change === "choice added" ? line.field === "status" : line.values !== undefined);
  const isOfChoices = change === "choice added" || change === "choice values renumbered";
  const plan = planOf(draw.of(tables.filter((table) => !isOfChoices || planOf(table).lines.some(has))));
  const instance = new Instance(draw, plan);
  for (let count = 1 + draw.below(2); count > 0; count -= 1) instance.apply(change);
  if (draw.percent(50)) for (let count = 1 + draw.below(3); count > 0; count -= 1) instance.apply(draw.of(CHANGES));
  const names = draw.shuffled([...instance.columns.keys()]);
  const fields = Object.fromEntries(names.map((name) => [name, instance.columns.get(name) as Field]));
  const schema: TableSchema = {
    table: plan.table,
    tables: { [plan.table]: { fields } },
    ancestry: [
      { name: plan.table, label: human(plan.table) },
      { name: "task", label: "Task" },
    ],
    custom: names.filter((name) => fields[name]?.custom),
    indexes: null,
    complete: true,
    unread: [],
    language: "en",
    readAt: 0,
    changedAt: null,
  };
  const { right, own, done } = instance;
  return { table: plan.table, schema, samples: instance.samples(), fields: right, own, done };
}
