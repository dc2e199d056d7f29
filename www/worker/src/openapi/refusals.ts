/** What the description of tables refuses itself, in the form of the gateway. */

import type { OwnRefusal } from "../gateway/refusals.ts";

/** The codes of these refusals. */
export type OpenApiCode =
  | "openapi.dictionary"
  | "openapi.method"
  | "openapi.parameter"
  | "openapi.requests"
  | "openapi.table"
  | "openapi.tables"
  | "openapi.too-large";

export interface OpenApiRefusal extends OwnRefusal {
  readonly code: OpenApiCode;
}

export const wrongMethod: OpenApiRefusal = {
  status: 405,
  code: "openapi.method",
  message: "Method not allowed",
  why: "the description is read with GET",
  fix: ["Use GET."],
  headers: { allow: "GET, HEAD" },
};

export const invalidParameter = (fix: string): OpenApiRefusal => ({
  status: 400,
  code: "openapi.parameter",
  message: "Invalid parameter",
  why: "a parameter is unknown, given twice, or has another value than it may have",
  fix: [fix],
});

const chooseTables = (most: number, why: string): OpenApiRefusal => ({
  status: 400,
  code: "openapi.tables",
  message: "Tables not chosen",
  why,
  fix: [`Name up to ${most}: /openapi.json?tables=incident,problem.`],
});

export const tooManyAllowed = (most: number) =>
  chooseTables(most, `the policy of the caller allows more than ${most} tables`);
export const tooManyNamed = (most: number) => chooseTables(most, `the request names more than ${most} tables`);
export const noneNamed = (most: number) => chooseTables(most, "the policy of the caller names no table");

export const tooManyRequests: OpenApiRefusal = {
  status: 503,
  code: "openapi.requests",
  message: "Too many tables for one call",
  why: "the dictionaries of these tables need more requests to the instance than one call may send",
  fix: ["Repeat the request: what was read is kept for some minutes.", "Or name fewer tables."],
  headers: { "retry-after": "1" },
};

/** The name is one that the caller has sent, and is not repeated. */
export const forbiddenTable = (allowed: string): OpenApiRefusal => ({
  status: 403,
  code: "openapi.table",
  message: "Table not allowed",
  why: "the policy of the caller does not allow one of these tables, or none of these operations on it",
  fix: [
    `Allowed with these operations: ${allowed}.`,
    "Ask the operator of the worker what the caller's policy allows.",
  ],
});

export const tooLarge = (detail: string): OpenApiRefusal => ({
  status: 400,
  code: "openapi.too-large",
  message: "Description too large",
  why: detail.replace(/\.$/, ""),
  fix: ["Choose by ?tables=incident&operations=list,get."],
});

export const noDictionary: OpenApiRefusal = {
  status: 502,
  code: "openapi.dictionary",
  message: "Dictionary not readable",
  why: "the instance does not say which fields the tables have",
  fix: [
    "Check the names of the tables.",
    "Give the instance's user of this tenant the right to read sys_dictionary, sys_db_object and sys_choice.",
  ],
};
