/**
 * What an operator writes (tenants, callers, policies), as valibot schemas with one form of message: what is wrong with the option named,
 * then what to pass. A message never holds a value: an operator may have pasted a secret into the wrong place.
 *
 * The schemas' own messages are the second half, such as "Pass true or false."; `problemsOf` writes the first half.
 */

import * as v from "valibot";

/** An object in which an unknown option is refused by name, together with the supported ones. */
export function options<const Entries extends v.ObjectEntries>(entries: Entries) {
  const supported = `Supported options: ${Object.keys(entries).join(", ")}.`;
  return v.strictObject(entries, (issue) => {
    const name = issue.path?.[0]?.key;
    if (issue.expected === "never") return supported;
    const missing = typeof name === "string" ? entries[name] : undefined;
    return (missing && messageOf(missing)) ?? `Pass an object. ${supported}`;
  });
}

/** The message of a schema that is a text. The first part of a pipe has the members of the pipe. */
function messageOf(schema: v.ObjectEntries[string]): string | undefined {
  const { message } = schema as { message?: unknown };
  return typeof message === "string" ? message : undefined;
}

/** A text of 1 to `most` characters without control characters. */
export function text(most: number) {
  const message = `Pass text of 1 to ${most} characters without control characters.`;
  return v.pipe(v.string(message), v.minLength(1, message), v.maxLength(most, message), v.regex(NO_CONTROL, message));
}

const NO_CONTROL = /^\P{Cc}*$/u;

/** A list of at most `most` entries. */
export function list<const Item extends v.GenericSchema>(item: Item, most: number) {
  const message = `Pass a list of at most ${most} entries.`;
  return v.pipe(v.array(item, message), v.maxLength(most, message));
}

/** No operator needs more at once. Bounds what a hostile value costs. */
const MOST_PROBLEMS = 20;

/** The problems of a value, one sentence or two for each. */
export function problemsOf(issues: readonly v.BaseIssue<unknown>[]): string[] {
  return issues.slice(0, MOST_PROBLEMS).map((issue) => {
    const path = pathOf(issue);
    if (issue.type === "strict_object" && issue.expected === "never") return `Unknown option ${path}. ${issue.message}`;
    const isMissing = issue.kind === "schema" && issue.input === undefined;
    return `${isMissing ? "Missing" : "Invalid"} ${path === "" ? "value" : `option ${path}`}. ${issue.message}`;
  });
}

const LONGEST_NAME = 100;

/** `auth.clientId`, `callers[2].name`; empty for the whole value. A name of the operator's is cut: it may be anything. */
function pathOf({ path }: v.BaseIssue<unknown>): string {
  let name = "";
  for (const { key } of path ?? []) {
    if (typeof key === "number") name += `[${key}]`;
    else name += `${name === "" ? "" : "."}${String(key).slice(0, LONGEST_NAME)}`;
  }
  return name === "" ? "" : `\`${name}\``;
}
