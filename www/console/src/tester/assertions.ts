/** Evaluates assertions on a reply. Pure; JSONPath by json-p3, which compiles to closures and needs no eval. */
import { query } from "json-p3";
import { count } from "../number";
import type { Assertion } from "../workspace/model";
import { isSecretName, isSecretPath } from "../workspace/secret-names";

/** What assertions and extractions look at. */
export interface Answer {
  status: number;
  /** To the end of the body, in milliseconds. */
  totalMs: number;
  headers: readonly (readonly [name: string, value: string])[];
  /** The body as text, whole; null if it is no text or too large to be parsed in the page. */
  text: string | null;
}

export interface Verdict {
  id: string;
  /** The assertion as a sentence: "Status is 200". */
  says: string;
  passed: boolean;
  /** What was found instead; empty if it passed. */
  why: string;
  /** The sentence without its value, for what is kept, if the value may be a secret. */
  withoutValue?: string;
}

/** Those that are on, in their order. A pattern can take hours: in the page use `evaluateLimited`. */
export function evaluate(assertions: readonly Assertion[], answer: Answer): Verdict[] {
  const body = once(() => parseBody(answer.text));
  return assertions
    .filter((assertion) => assertion.on)
    .map((assertion) => {
      return verdictOf(assertion, failure(assertion, answer, body));
    });
}

/** `why` is empty if the assertion holds. */
export function verdictOf(assertion: Assertion, why: string): Verdict {
  const verdict = { id: assertion.id, says: sentence(assertion), passed: why === "", why };
  if (!isAboutSecret(assertion)) return verdict;
  return { ...verdict, withoutValue: sentence({ ...assertion, value: "…" }) };
}

function isAboutSecret(assertion: Assertion): boolean {
  if (assertion.subject === "header") return isSecretName(assertion.name);
  return assertion.subject === "body" && isSecretPath(assertion.path);
}

export function sentence(assertion: Assertion): string {
  const value = "value" in assertion ? assertion.value : "";
  const words = OPERATOR_WORDS[assertion.operator];
  switch (assertion.subject) {
    case "status":
      return `Status ${words} ${value}`;
    case "time":
      return `Time ${words} ${value} ms`;
    case "header":
      return assertion.operator === "exists"
        ? `Header ${assertion.name} ${words}`
        : `Header ${assertion.name} ${words} ${value}`;
    case "body":
      return assertion.operator === "exists" || assertion.operator === "is-absent"
        ? `${assertion.path} ${words}`
        : `${assertion.path} ${words} ${value}`;
  }
}

export const OPERATOR_WORDS: { [K in Assertion["operator"]]: string } = {
  is: "is",
  "is-not": "is not",
  below: "is below",
  exists: "exists",
  "is-absent": "is absent",
  contains: "contains",
  matches: "matches",
  "count-is": "occurs this often:",
  "at-least": "is at least",
  "at-most": "is at most",
};

export type Parsed = { value: unknown } | { problem: string };

export function parseBody(text: string | null): Parsed {
  if (text === null) return { problem: "The body is no text, or larger than the 8 MB that are read here." };
  if (text.trim() === "") return { problem: "The body is empty." };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { problem: "The body is not JSON." };
  }
}

/** The values at a JSONPath (RFC 9535), or what is wrong with the path. */
export function select(path: string, value: unknown): { values: unknown[] } | { problem: string } {
  try {
    return { values: query(path.trim() || "$", value as Parameters<typeof query>[1]).values() };
  } catch (thrown) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown);
    return { problem: `"${path}" is not a JSONPath: ${detail}. Write one such as $.result[0].number.` };
  }
}

/** A value as a person writes it in a field: text without quotes, anything else as JSON. */
export function asText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

/** Empty if the assertion holds. */
function failure(assertion: Assertion, answer: Answer, body: () => Parsed): string {
  switch (assertion.subject) {
    case "status":
      return compared(assertion.operator, answer.status, assertion.value, "The status");
    case "time":
      return compared(assertion.operator, Math.round(answer.totalMs), assertion.value, "The time in ms");
    case "header":
      return headerFailure(assertion, answer);
    case "body": {
      const parsed = body();
      if ("problem" in parsed) return parsed.problem;
      const found = select(assertion.path, parsed.value);
      return "problem" in found ? found.problem : bodyFailure(assertion, found.values);
    }
  }
}

function compared(operator: "is" | "is-not" | "below", found: number, wanted: string, noun: string): string {
  const number = Number(wanted);
  if (wanted.trim() === "" || Number.isNaN(number)) return `"${wanted}" is not a number. Write one such as 200.`;
  const holds = operator === "below" ? found < number : (found === number) === (operator === "is");
  return holds ? "" : `${noun} was ${found}.`;
}

function headerFailure(assertion: Extract<Assertion, { subject: "header" }>, answer: Answer): string {
  const found = headerOf(answer, assertion.name);
  if (found === undefined) return `The reply has no header ${assertion.name} that the browser shows.`;
  if (assertion.operator === "exists") return "";
  const holds = assertion.operator === "is" ? found === assertion.value : found.includes(assertion.value);
  return holds ? "" : `It was ${short(found)}.`;
}

export function headerOf(answer: Pick<Answer, "headers">, name: string): string | undefined {
  const wanted = name.trim().toLowerCase();
  return answer.headers.find(([other]) => other.toLowerCase() === wanted)?.[1];
}

function bodyFailure(assertion: Extract<Assertion, { subject: "body" }>, values: readonly unknown[]): string {
  const { operator, value } = assertion;
  if (operator === "is-absent") return values.length === 0 ? "" : `It was ${short(asText(values[0]))}.`;
  if (operator === "count-is") {
    return values.length === Number(value) && value.trim() !== "" ? "" : `It occurred ${times(values.length)}.`;
  }
  if (values.length === 0) return "Nothing is at this path.";
  if (operator === "exists") return "";
  const pattern = operator === "matches" ? regular(value) : null;
  if (pattern && "problem" in pattern) return pattern.problem;
  const longest = pattern ? values.reduce<number>((most, found) => Math.max(most, asText(found).length), 0) : 0;
  if (longest > MATCHED_CHARACTERS) {
    return `A value has ${count(longest)} characters; a pattern is tried on at most ${count(MATCHED_CHARACTERS)}. Use contains, or a path to a shorter value.`;
  }
  const limit = Number(value);
  if ((operator === "at-least" || operator === "at-most") && (value.trim() === "" || Number.isNaN(limit))) {
    return `"${value}" is not a number. Write one such as 10.`;
  }
  const holds = (found: unknown): boolean => {
    const text = asText(found);
    switch (operator) {
      case "is":
        return text === value;
      case "is-not":
        return text !== value;
      case "contains":
        return text.includes(value);
      case "matches":
        return pattern !== null && "expression" in pattern && pattern.expression.test(text);
      case "at-least":
        return text.trim() !== "" && Number(text) >= limit;
      case "at-most":
        return text.trim() !== "" && Number(text) <= limit;
    }
  };
  // Every value at the path must hold, so that `$.result[*].active` speaks of all rows.
  const broken = values.findIndex((found) => !holds(found));
  if (broken < 0) return "";
  const which = values.length > 1 ? `Value ${broken + 1} of ${values.length} was` : "It was";
  return `${which} ${short(asText(values[broken])) || "empty"}.`;
}

function regular(source: string): { expression: RegExp } | { problem: string } {
  if (source.length > PATTERN_CHARACTERS) {
    return {
      problem: `The pattern has ${count(source.length)} characters; at most ${count(PATTERN_CHARACTERS)} are tried. Shorten it.`,
    };
  }
  try {
    return { expression: new RegExp(source, "u") };
  } catch (thrown) {
    return { problem: `"${source}" is not a regular expression: ${thrown instanceof Error ? thrown.message : ""}` };
  }
}

/** A second bound, besides the time limit of `limited.ts`: a pattern may come from an import. */
const MATCHED_CHARACTERS = 10_000;
const PATTERN_CHARACTERS = 500;

function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

const times = (count: number): string => (count === 1 ? "once" : `${count} times`);

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
