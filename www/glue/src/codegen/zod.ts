/** Zod 4 source. */
import type { CodegenOptions } from "sysparm/codegen";
import type { TableSchema } from "sysparm/schema";
import { type Dialect, STORED_WORDS, validatorModule } from "./validators.js";

const ZOD: Dialect = {
  flag: "--zod",
  importLine: 'import * as z from "zod";',
  typeOf: (validator) => `z.infer<typeof ${validator}>`,
  partial: (validator) => `${validator}.partial()`,
  words: [
    [
      "matching",
      `const matching = <Text extends string>(pattern: RegExp, otherwise: string) =>
  z.string().regex(pattern, otherwise) as unknown as z.ZodType<Text, Text>;`,
    ],
    ["text", "const text = (longest?: number) => (longest === undefined ? z.string() : z.string().max(longest));"],
    ["other", 'const other = z.string() as unknown as z.ZodType<Stored<"other">, Stored<"other">>;'],
    ...STORED_WORDS,
    [
      "choice",
      `/** One of the choices, or what rows hold that is none of them. */
const choice = <const Value extends string, Text extends string>(values: readonly Value[], rest: z.ZodType<Text, Text>) =>
  z.union([z.enum(values), rest as unknown as z.ZodType<Text & {}, Text & {}>]);`,
    ],
    ["booleanOrText", 'const booleanOrText = z.union([z.boolean(), z.enum(["true", "false"])]);'],
    ["wholeOr", "const wholeOr = <Text extends z.ZodType>(text: Text) => z.union([z.int(), text]);"],
    ["numberOr", "const numberOr = <Text extends z.ZodType>(text: Text) => z.union([z.number(), text]);"],
    ["optional", "const optional = <Type extends z.ZodType>(type: Type) => z.optional(z.nullable(type));"],
    ["row", "const row = <Fields extends z.ZodRawShape>(fields: Fields) => z.looseObject(fields);"],
    [
      "labels",
      `const labels = <Fields extends z.ZodRawShape>(fields: Fields) =>
  z.looseObject(
    Object.fromEntries(Object.keys(fields).map((name) => [name, z.string()])) as { [Name in keyof Fields]: z.ZodString },
  );`,
    ],
    [
      "all",
      `const all = <Fields extends z.ZodRawShape>(fields: Fields) =>
  z.looseObject(
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, z.looseObject({ value, display_value: z.string() })]),
    ) as { [Name in keyof Fields]: z.ZodObject<{ value: Fields[Name]; display_value: z.ZodString }, z.core.$loose> },
  );`,
    ],
    ["write", "const write = <Fields extends z.ZodRawShape>(fields: Fields) => z.strictObject(fields);"],
  ],
};

/** A module of Zod schemas. */
export function zod(schemas: readonly TableSchema[], options?: CodegenOptions): string {
  return validatorModule(ZOD, schemas, options);
}
