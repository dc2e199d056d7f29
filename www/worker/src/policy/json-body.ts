/**
 * JSON whose meaning is the same for every reader. Readers disagree about a member that is given twice, and some accept what is no JSON.
 */

import { type Refusal, unreadable } from "./refusal.ts";

/** The value, or why it cannot be used. */
export type JsonReading = { readonly value: unknown } | { readonly problem: Refusal };

/** Fatal, and keeping a byte order mark, so that `JSON.parse` refuses both. */
const UTF8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Every text of a document, and whether a colon is behind it. Texts of valid JSON do not overlap. */
const TEXTS = /"(?:[^"\\]|\\.)*"(\s*:)?/g;

/** Deeper documents are refused, because members are counted recursively. */
const DEEPEST = 32;

/** Reads a body that is declared as JSON. */
export function readJson(body: Uint8Array | undefined, contentType: string | null | undefined): JsonReading {
  if (body === undefined) return { problem: unreadable("policy.body", "The request has no body.", "Send JSON.") };
  if (!/^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i.test(contentType?.trim() ?? "")) {
    return {
      problem: unreadable(
        "policy.body",
        "The policy restricts what may be sent, so that the body must be JSON.",
        "Send Content-Type: application/json.",
      ),
    };
  }
  try {
    const text = UTF8.decode(body);
    const value: unknown = JSON.parse(text);
    const written = [...text.matchAll(TEXTS)].filter(([, colon]) => colon !== undefined).length;
    if (written === members(value, 0)) return { value };
    return {
      problem: unreadable(
        "policy.body",
        `A member of the JSON body is given twice, or it is nested more than ${DEEPEST} levels deep.`,
        "Give each member once.",
      ),
    };
  } catch {
    return { problem: unreadable("policy.body", "The body is no valid JSON in UTF-8.", "Send JSON (RFC 8259).") };
  }
}

function members(value: unknown, depth: number): number {
  if (typeof value !== "object" || value === null) return 0;
  if (depth >= DEEPEST) return Number.NaN;
  const children = Array.isArray(value) ? value : Object.values(value);
  const own = Array.isArray(value) ? 0 : children.length;
  return children.reduce<number>((sum, child) => sum + members(child, depth + 1), own);
}

/** Whether a value is an object and no list. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
