/** What the unified endpoints refuse themselves. The form is that of the gateway. No value of a request is repeated, except in the problems of a write. */

import { envelope } from "../gateway/envelope.ts";
import type { OwnRefusal } from "../gateway/refusals.ts";

/** The codes of these refusals. */
export type UnifiedCode =
  | "unified.body"
  | "unified.cursor"
  | "unified.filter"
  | "unified.hidden-rows"
  | "unified.id"
  | "unified.map"
  | "unified.method"
  | "unified.outcome"
  | "unified.parameter"
  | "unified.path"
  | "unified.reply"
  | "unified.table";

/** A refusal of these. */
export interface UnifiedRefusal extends OwnRefusal {
  readonly code: UnifiedCode;
}

export const noSuchPath = (names: readonly string[]): UnifiedRefusal => ({
  status: 404,
  code: "unified.path",
  message: "Not found",
  why: "the unified endpoints have no such path",
  fix: [`Resources: ${names.join(", ")}. GET /{tenant}/unified/openapi.json describes them.`],
});

export const wrongMethod = (allow: string): UnifiedRefusal => ({
  status: 405,
  code: "unified.method",
  message: "Method not allowed",
  why: `this path has the methods ${allow} only`,
  fix: ["Use one of these methods."],
  headers: { allow },
});

export const noSuchTable = (tables: readonly string[]): UnifiedRefusal => ({
  status: 400,
  code: "unified.table",
  message: "Unknown table",
  why: "neither the model nor the tenant's map has this table for this resource",
  fix: [`Tables of this resource: ${tables.join(", ")}. The operator can add others to the tenant's map.`],
});

export const invalidParameter = (name: string, fix: string): UnifiedRefusal => ({
  status: 400,
  code: "unified.parameter",
  message: "Invalid parameter",
  why: `the parameter ${name} cannot be used`,
  fix: [fix],
});

export const noSuchParameter = (known: readonly string[]): UnifiedRefusal => ({
  status: 400,
  code: "unified.parameter",
  message: "Unknown parameter",
  why: "a parameter is none of this endpoint",
  fix: [`Parameters: ${known.join(", ")}.`],
});

export const repeatedParameter: UnifiedRefusal = {
  status: 400,
  code: "unified.parameter",
  message: "Repeated parameter",
  why: "a parameter is given twice",
  fix: ["Pass each parameter once. Several values of a filter have commas between them."],
};

export const invalidCursor: UnifiedRefusal = {
  status: 400,
  code: "unified.cursor",
  message: "Invalid cursor",
  why: "the cursor does not belong to this request",
  fix: [
    "Pass `next` of a reply to the same request, with the same table, filters and order, or no cursor to begin again.",
  ],
};

export const invalidSince: UnifiedRefusal = {
  status: 400,
  code: "unified.cursor",
  message: "Invalid since",
  why: "`since` is no moment, and belongs to no reading of this table's changes",
  fix: ["Pass `next` of a reading of the same table, or a moment such as 2026-02-28T08:30:00Z."],
};

export const invalidId: UnifiedRefusal = {
  status: 400,
  code: "unified.id",
  message: "Invalid id",
  why: "the id is no sys_id",
  fix: ["Pass the `id` of an object, as a reply has it: letters, digits, _ and -, at most 64."],
};

export const invalidBody: UnifiedRefusal = {
  status: 400,
  code: "unified.body",
  message: "Invalid body",
  why: "its body is no JSON object",
  fix: ['Send the fields to write, such as {"title":"Disk full"}, with Content-Type: application/json.'],
};

export const hiddenRows = (most: number): UnifiedRefusal => ({
  status: 409,
  code: "unified.hidden-rows",
  message: "Too many hidden rows",
  why: `the instance's access rules hide more than ${most} rows in a row, and rows behind them would be lost`,
  fix: ["Filter more narrowly, or give the instance's user the right to read the table."],
});

export const movingRows: UnifiedRefusal = {
  status: 409,
  code: "unified.hidden-rows",
  message: "Rows come and go",
  why: "the rows of this page were deleted or hidden while it was read, each time that it was tried",
  fix: ["Ask for the same page again."],
};

export const longReply: UnifiedRefusal = {
  status: 502,
  code: "unified.reply",
  message: "Reply too long",
  why: "the instance's reply is longer than the 4 MiB that the worker converts",
  fix: ["Ask for fewer items (limit), or for fewer columns (custom)."],
};

export const unusableReply: UnifiedRefusal = {
  status: 502,
  code: "unified.reply",
  message: "No usable answer from the instance",
  why: "the instance's reply is no record of the Table API",
  fix: ["Read the record at .../raw to see what the instance answers."],
};

/** The instance answered a write with success, so nothing of it is refused. `id`: of the record, where it is known. */
export function unknownResult(id: string | undefined): Response {
  const code: UnifiedCode = "unified.outcome";
  const why = "the instance has answered this write with success, and its reply holds no record that can be read";
  const fix = [
    id === undefined
      ? "Look for the record that it made before you send the write again."
      : `Read the record with the id ${id} before you send the write again.`,
  ];
  const detail = `The sysparm worker cannot show what was written: ${why}. Code: ${code}. ${fix[0]}`;
  return envelope(502, "Written, reply not usable", detail, {}, { code, causes: [{ code, title: why, fix }] });
}

export const unusableMap: UnifiedRefusal = {
  status: 500,
  code: "unified.map",
  message: "Map not usable",
  why: "the tenant's map does not fit the model of this worker",
  fix: ["Ask the operator of the worker to register the tenant again: every problem is then named."],
};
