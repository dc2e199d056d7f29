/** The schemas of records, as replies hold them and as they are written. */
import type { FieldChoice } from "sysparm/schema";
import type { DescribedField, DescribedTable } from "./tables.js";
import { ofField, offeredChoices } from "./words.js";

/** A JSON Schema, of the dialect of the version. */
export type Json = Readonly<Record<string, unknown>>;
export type Version = "3.0" | "3.1";

const TEXT = "TableApiText";
const REFERENCE = "TableApiReference";
export const FAILURE = "TableApiFailure";

/** More choices are text. */
const MOST_VALUES = 200;

const text: Json = { type: "string" };

/** A text that may be null. */
function textOrNull(version: Version): Json {
  return version === "3.0" ? { type: "string", nullable: true } : { type: ["string", "null"] };
}

export const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

/** Replaces a reference with words next to it, which OpenAPI 3.0 does not have. */
function described(name: string, description: string, version: Version): Json {
  if (version === "3.0") return { allOf: [reference(name)], description };
  return { ...reference(name), description };
}

/** The component of a table's records, and of what is written. A hyphen is in no table's name. */
export const recordName = ({ name }: DescribedTable) => name;
export const writtenName = ({ name }: DescribedTable) => `${name}-write`;

/** Schemas that every table refers to. */
export function sharedSchemas(version: Version, displayValues: boolean): Record<string, Json> {
  const label = { ...textOrNull(version), description: "As people see it." };
  const both = {
    type: "object",
    required: ["display_value", "value"],
    properties: { display_value: label, value: text },
  };
  const link = {
    type: "object",
    properties: {
      value: { ...text, description: "sys_id." },
      ...(displayValues && { display_value: label }),
      link: { ...text, description: "Address of the record." },
    },
  };
  return {
    ...(displayValues && {
      [TEXT]: { description: "Text; an object where sysparm_display_value=all was sent.", anyOf: [text, both] },
    }),
    [REFERENCE]: {
      description: "A reference: an object, or text where it is empty or sysparm_exclude_reference_link=true was sent.",
      anyOf: [text, link],
    },
    [FAILURE]: {
      type: "object",
      description: "Why a request failed.",
      properties: {
        error: { type: "object", properties: { message: text, detail: textOrNull(version) } },
        status: text,
      },
    },
  };
}

/** A record of a reply. Nothing is required: `sysparm_fields` chooses, and fields that the user may not read are left out. */
export function recordSchema(table: DescribedTable, version: Version): Json {
  const of = (one: DescribedField): Json => {
    const words = ofField(one, false);
    // A field behind a reference, and one that only a row tells of, may be a reference itself.
    const isReference = one.field === undefined || one.field.reference !== undefined || one.field.type === undefined;
    if (isReference) return described(REFERENCE, words, version);
    return table.displayValues ? described(TEXT, words, version) : { ...text, description: words };
  };
  return {
    type: "object",
    description: `A record of ${table.label} (${table.name}).`,
    properties: Object.fromEntries(table.read.map((one) => [one.name, of(one)])),
  };
}

/** What is written. */
export function writtenSchema(table: DescribedTable): Json {
  return {
    type: "object",
    description: "Only the fields to set.",
    properties: Object.fromEntries(table.written.map((one) => [one.name, writtenField(one)])),
    additionalProperties: false,
  };
}

function writtenField(one: DescribedField): Json {
  const { type = "", choices = [], suggestions, maxLength, mandatory, reference: target } = one.field ?? {};
  const schema = { ...text, description: ofField(one, true) };
  if (type === "boolean") return { ...schema, enum: ["true", "false"] };
  const values = suggestions || target ? [] : valuesOf(choices);
  if (values.length > 0 && values.length <= MOST_VALUES)
    return { ...schema, enum: mandatory ? values : [...values, ""] };
  const isLimited = maxLength !== undefined && maxLength > 0 && (type === "string" || type.startsWith("translated"));
  return isLimited ? { ...schema, maxLength } : schema;
}

function valuesOf(choices: readonly FieldChoice[]): string[] {
  return offeredChoices(choices)
    .map(({ value }) => value)
    .filter((value) => value !== "");
}
