/** JSON Schema of tables, draft 2020-12. Unknown keywords are avoided: strict validators refuse them. */
import type { CodegenOptions, JsonSchema } from "sysparm/codegen";
import type { Field, TableSchema } from "sysparm/schema";
import { choicesOf, isNecessary, isReadOnly, isWhole, lengthOf, sortedFields, sortOf } from "./field-types.js";
import { givenSchemas } from "./given.js";
import { labelOf, namesOfTypes } from "./names.js";
import { patternOf } from "./stored-text.js";

const TEXT: JsonSchema = { type: "string" };

/** The definitions of the tables; with one table its rows are what the document itself describes. */
export function jsonSchema(schemas: readonly TableSchema[], options: CodegenOptions = {}): JsonSchema {
  const given = givenSchemas(schemas, options);
  const { partial = false } = options;
  const names = namesOfTypes();
  const definitions: Record<string, JsonSchema> = {};
  const first = given.map((schema) => {
    const row = names.next(schema.table, "");
    const fields = sortedFields(schema);
    const required = partial ? {} : { required: fields.map(([name]) => name) };
    const rowOf = (form: string, cell: (name: string, field: Field) => JsonSchema): JsonSchema => ({
      ...{ title: labelOf(schema), description: form, type: "object" },
      properties: Object.fromEntries(fields.map(([name, field]) => [name, cell(name, field)])),
      ...required,
    });
    definitions[row] = rowOf("A row with stored values.", stored);
    definitions[names.next(schema.table, "Labels")] = rowOf("A row with labels.", (_, field) => titled(field, TEXT));
    definitions[names.next(schema.table, "All")] = rowOf("A row with stored values and labels.", (name, field) => ({
      type: "object",
      properties: { value: stored(name, field), display_value: TEXT },
      required: ["value", "display_value"],
    }));
    definitions[names.next(schema.table, "Write")] = writeOf(schema);
    return row;
  });
  const incomplete = given.filter(({ complete }) => !complete).map(({ table }) => table);
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    ...(incomplete.length > 0 && { $comment: `Not every field could be read of: ${incomplete.join(", ")}.` }),
    ...(first.length === 1 && { $ref: `#/$defs/${first[0]}` }),
    $defs: definitions,
  };
}

/** What creates a record. Other fields are refused: the instance would drop them without a word. */
function writeOf(schema: TableSchema): JsonSchema {
  const fields = sortedFields(schema).filter(([name, field]) => !isReadOnly(name, field));
  return {
    ...{ title: labelOf(schema), description: "What creates a record.", type: "object" },
    properties: Object.fromEntries(fields.map(([name, field]) => [name, written(name, field)])),
    required: fields.filter(([, field]) => isNecessary(field)).map(([name]) => name),
    additionalProperties: false,
  };
}

function stored(name: string, field: Field): JsonSchema {
  const text = textOf(name, field);
  const choices = choicesOf(field);
  if (choices.length === 0) return titled(field, text);
  // Rows hold values that are no longer choices, and a later dictionary has others.
  return titled(field, { anyOf: [...choices.map(([value, label]) => ({ const: value, title: label })), text] });
}

function written(name: string, field: Field): JsonSchema {
  const sort = sortOf(name, field);
  const forms = [sort === "boolean" ? { type: "string", enum: ["true", "false"] } : stored(name, untitled(field))];
  if (sort === "boolean") forms.push({ type: "boolean" });
  if (sort === "number") forms.push({ type: isWhole(field) ? "integer" : "number" });
  if (!isNecessary(field)) forms.push({ type: "null" });
  return titled(field, forms.length === 1 && forms[0] ? forms[0] : { anyOf: forms });
}

function textOf(name: string, field: Field): JsonSchema {
  const sort = sortOf(name, field);
  const pattern = patternOf(sort, isWhole(field))?.pattern;
  const maxLength = lengthOf(field);
  return {
    ...TEXT,
    ...(pattern && { pattern }),
    ...(!pattern && maxLength !== undefined && { maxLength }),
    ...(sort === "reference" && { description: `The sys_id of a record of ${field.reference}.` }),
  };
}

function titled({ label }: Field, schema: JsonSchema): JsonSchema {
  return label ? { title: label, ...schema } : schema;
}

function untitled({ label: _, ...field }: Field): Field {
  return field;
}
