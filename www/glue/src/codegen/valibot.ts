/** Valibot 1 source. */
import type { CodegenOptions } from "sysparm/codegen";
import type { TableSchema } from "sysparm/schema";
import { type Dialect, STORED_WORDS, validatorModule } from "./validators.js";

const VALIBOT: Dialect = {
  flag: "--valibot",
  importLine: 'import * as v from "valibot";',
  typeOf: (validator) => `v.InferOutput<typeof ${validator}>`,
  partial: (validator) => `v.partial(${validator})`,
  words: [
    [
      "matching",
      `const matching = <Text extends string>(pattern: RegExp, otherwise: string) =>
  v.pipe(v.string(), v.regex(pattern, otherwise)) as unknown as v.GenericSchema<Text>;`,
    ],
    ["text", "const text = (longest = Number.POSITIVE_INFINITY) => v.pipe(v.string(), v.maxLength(longest));"],
    ["other", 'const other = v.string() as unknown as v.GenericSchema<Stored<"other">>;'],
    ...STORED_WORDS,
    [
      "choice",
      `/** One of the choices, or what rows hold that is none of them. */
const choice = <const Values extends readonly string[], Text extends string>(
  values: Values,
  rest: v.GenericSchema<Text>,
) => v.union([v.picklist(values), rest as unknown as v.GenericSchema<Text & {}>]);`,
    ],
    ["booleanOrText", 'const booleanOrText = v.union([v.boolean(), v.picklist(["true", "false"])]);'],
    [
      "wholeOr",
      "const wholeOr = <Text extends v.GenericSchema>(text: Text) => v.union([v.pipe(v.number(), v.integer()), text]);",
    ],
    ["numberOr", "const numberOr = <Text extends v.GenericSchema>(text: Text) => v.union([v.number(), text]);"],
    ["optional", "const optional = <Type extends v.GenericSchema>(type: Type) => v.optional(v.nullable(type));"],
    ["row", "const row = <Fields extends v.ObjectEntries>(fields: Fields) => v.looseObject(fields);"],
    [
      "labels",
      `const labels = <Fields extends v.ObjectEntries>(fields: Fields) =>
  v.looseObject(
    Object.fromEntries(Object.keys(fields).map((name) => [name, v.string()])) as {
      [Name in keyof Fields]: v.StringSchema<undefined>;
    },
  );`,
    ],
    [
      "all",
      `const all = <Fields extends v.ObjectEntries>(fields: Fields) =>
  v.looseObject(
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, v.looseObject({ value, display_value: v.string() })]),
    ) as {
      [Name in keyof Fields]: v.LooseObjectSchema<
        { value: Fields[Name]; display_value: v.StringSchema<undefined> },
        undefined
      >;
    },
  );`,
    ],
    ["write", "const write = <Fields extends v.ObjectEntries>(fields: Fields) => v.strictObject(fields);"],
  ],
};

/** A module of Valibot schemas. */
export function valibot(schemas: readonly TableSchema[], options?: CodegenOptions): string {
  return validatorModule(VALIBOT, schemas, options);
}
