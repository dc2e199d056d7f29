/**
 * A diagnosis decides in the core and explains itself here: the words of its causes come with the first failure, so that who
 * never sees one never downloads them. A cause whose words cannot be had keeps its code.
 */
import type { Cause, Diagnosis } from "sysparm";

type Words = Omit<Cause, "code" | "likelihood">;

let words: Record<string, Words> = {};
let loading: Promise<unknown> | undefined;

/** Resolves when the words are there, or cannot be had; the next failure tries again. */
export function wordsFor(diagnosis: Diagnosis): Promise<unknown> {
  if (diagnosis.causes.length === 0) return Promise.resolve();
  loading ??= import("./explanations.js").then(
    ({ explanations }) => {
      words = explanations;
    },
    () => {
      loading = undefined;
    },
  );
  return loading;
}

export function explained(diagnosis: Diagnosis): Diagnosis {
  const unknown = (code: string): Words => ({ title: code, tellApart: "", fix: [], source: "" });
  return {
    ...diagnosis,
    causes: diagnosis.causes.map((cause) => ({ ...unknown(cause.code), ...words[cause.code], ...cause })),
  };
}
