/** What the types of a table are written as. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as codegen from "sysparm/codegen";
import type { TableSchema } from "sysparm/schema";
import { commandOf, FORMATS, fileName } from "../src/schema/types/formats";

const SCHEMA: TableSchema = {
  ...{ table: "u_order", ancestry: [{ name: "u_order", label: "Order" }], custom: [], indexes: null, complete: true },
  ...{ unread: [], language: "en", readAt: 0, changedAt: null },
  tables: { u_order: { fields: { sys_id: { type: "GUID", source: "dictionary" } } } },
};

test("every format has a file, a command and its text", () => {
  const seen = FORMATS.map((format) => [fileName(SCHEMA, format), commandOf(SCHEMA, format)].join(": "));
  assert.deepEqual(seen, [
    "u_order.ts: npx sysparm types --table u_order --output u_order.ts",
    "u_order.schema.json: npx sysparm types --table u_order --json-schema --output u_order.schema.json",
    "u_order.zod.ts: npx sysparm types --table u_order --zod --output u_order.zod.ts",
    "u_order.valibot.ts: npx sysparm types --table u_order --valibot --output u_order.valibot.ts",
  ]);
  for (const format of FORMATS) assert.match(format.text(codegen, [SCHEMA]), /UOrder\b/, format.name);
});
