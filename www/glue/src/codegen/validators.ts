/**
 * Modules of validators: Zod and Valibot. Both have the same lines of fields, in the words that the module defines at its beginning: the two
 * libraries differ in the definitions of these words alone.
 */
import type { CodegenOptions } from "sysparm/codegen";
import type { Field, TableSchema } from "sysparm/schema";
import {
  choicesOf,
  classesOf,
  isNecessary,
  isReadOnly,
  isWhole,
  lengthOf,
  sortedFields,
  sortOf,
  type ValueSort,
} from "./field-types.js";
import { givenSchemas } from "./given.js";
import { commented, headOf, importOf, keyOf, labelOf, namesOfTypes } from "./names.js";

import { PATTERNS, type TextPattern, WHOLE_NUMBER } from "./stored-text.js";

/** One library. */
export interface Dialect {
  /** The option of `sysparm types` that writes it. */
  flag: string;
  importLine: string;
  /** The words of the lines of fields, each with its definition. Later ones may use earlier ones. */
  words: readonly [name: string, definition: string][];
  /** The type of what a validator accepts. */
  typeOf: (validator: string) => string;
  /** A validator of rows some of whose fields may be missing. */
  partial: (validator: string) => string;
}

const matching = (kind: string, { pattern, otherwise }: TextPattern) =>
  `matching<${kind}>(/${pattern}/, "${otherwise}")`;
const storedText = (name: string, kind: string, text: TextPattern): [string, string] => [
  name,
  `const ${name} = ${matching(`Stored<"${kind}">`, text)};`,
];
const idOf = (name: string, text: TextPattern): [string, string] => [
  name,
  `const ${name} = <Table extends string>() => ${matching("SysId<Table>", text)};`,
];

/** The words whose definitions are the same in both libraries: what `matching` makes of a form. */
export const STORED_WORDS: Dialect["words"] = [
  idOf("sysId", PATTERNS.sys_id),
  idOf("reference", PATTERNS.reference),
  storedText("boolean", "boolean", PATTERNS.boolean),
  storedText("whole", "number", WHOLE_NUMBER),
  storedText("decimal", "number", PATTERNS.number),
  storedText("money", "number", PATTERNS.money),
  storedText("dateTime", "date-time", PATTERNS["date-time"]),
  storedText("date", "date", PATTERNS.date),
  storedText("time", "time", PATTERNS.time),
  storedText("duration", "duration", PATTERNS.duration),
];

/** The word of each kind without choices. Others have arguments. */
const WORDS: Partial<Record<ValueSort, string>> = {
  boolean: "boolean",
  number: "decimal",
  money: "money",
  "date-time": "dateTime",
  date: "date",
  time: "time",
  duration: "duration",
  other: "other",
};

/** The text of a module. */
export function validatorModule(
  dialect: Dialect,
  schemas: readonly TableSchema[],
  options: CodegenOptions = {},
): string {
  const given = givenSchemas(schemas, options);
  const { partial = false } = options;
  const names = namesOfTypes();
  const exported = (validator: string, name: string, description: string) =>
    `/** ${description} */\nexport const ${name} = ${validator};\nexport type ${name} = ${dialect.typeOf(name)};\n`;
  const body = given
    .map((schema) => {
      const name = names.next(schema.table, "");
      const fields = `fieldsOf${name}`;
      const label = commented(labelOf(schema));
      const rows = (word: string) => (partial ? dialect.partial(`${word}(${fields})`) : `${word}(${fields})`);
      return [
        `const ${fields} = {\n${linesOf(schema)}};\n`,
        exported(rows("row"), name, `${label}: a row with stored values. Columns that are not known here are kept.`),
        exported(rows("labels"), names.next(schema.table, "Labels"), `${label}: a row with labels.`),
        exported(rows("all"), names.next(schema.table, "All"), `${label}: a row with stored values and labels.`),
        exported(
          `write({\n${writtenLinesOf(schema)}})`,
          names.next(schema.table, "Write"),
          `${label}: what creates a record. Other fields are refused: the instance would drop them without a word.`,
        ),
      ].join("");
    })
    .join("\n");
  const definitions = used(dialect, body);
  const text = `${definitions}\n${body}`;
  return `${headOf(given, dialect.flag)}${importOf(text)}${dialect.importLine}\n\n${text}`;
}

/** The definitions that a text needs, in their order. */
function used({ words }: Dialect, body: string): string {
  let text = body;
  const kept: string[] = [];
  for (const [name, definition] of [...words].reverse()) {
    // Not a field's key, which is followed by a colon, and not the member of another object.
    if (!new RegExp(`(?<![\\w."])${name}(?=[(<,;)])`).test(text)) continue;
    kept.unshift(definition);
    text = `${definition}\n${text}`;
  }
  return `${kept.join("\n")}\n`;
}

function linesOf(schema: TableSchema): string {
  const own = classesOf(schema).map((table) => JSON.stringify(table));
  return sortedFields(schema)
    .map(([name, field]) => {
      const type = sortOf(name, field) === "sys_id" ? `sysId<${own.join(" | ")}>()` : storedWord(name, field);
      return `  ${keyOf(name)}: ${type},\n`;
    })
    .join("");
}

function writtenLinesOf(schema: TableSchema): string {
  return sortedFields(schema)
    .filter(([name, field]) => !isReadOnly(name, field))
    .map(([name, field]) => {
      const sort = sortOf(name, field);
      let type = sort === "boolean" ? "booleanOrText" : storedWord(name, field);
      if (sort === "number") type = `${isWhole(field) ? "wholeOr" : "numberOr"}(${type})`;
      return `  ${keyOf(name)}: ${isNecessary(field) ? type : `optional(${type})`},\n`;
    })
    .join("");
}

function storedWord(name: string, field: Field): string {
  const sort = sortOf(name, field);
  if (sort === "reference") return `reference<${JSON.stringify(field.reference)}>()`;
  const length = lengthOf(field);
  const text = length === undefined ? "text()" : `text(${length})`;
  const word = (sort === "number" && isWhole(field) ? "whole" : WORDS[sort]) ?? text;
  const values = choicesOf(field).map(([value]) => JSON.stringify(value));
  return values.length === 0 || sort === "boolean" ? word : `choice([${values.join(", ")}], ${word})`;
}
