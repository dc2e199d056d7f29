/**
 * A diagnosis decides in the core and explains itself here: the words of its causes come with the first failure, so that who
 * never sees one never downloads them. A cause whose words cannot be had keeps its code.
 */
import type { Cause, Diagnosis } from "sysparm";

type Words = Omit<Cause, "code" | "likelihood">;

/** A failure is not kept back longer than this for its words: what hinders the request may hinder them too. */
const PATIENCE_MS = 2000;

let words: Record<string, Words> = {};
let loading: Promise<void> | undefined;

/** Resolves when the words are there, cannot be had, or take too long; the next failure tries again. */
export async function wordsFor(diagnosis: Diagnosis): Promise<void> {
  if (diagnosis.causes.length === 0) return;
  loading ??= import("./explanations.js").then(
    ({ explanations }) => {
      words = explanations;
    },
    () => {
      loading = undefined;
    },
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([loading, late]);
  clearTimeout(timer);
}

export function explained(diagnosis: Diagnosis): Diagnosis {
  const unknown = (code: string): Words => ({ title: code, tellApart: "", fix: [], source: "" });
  return {
    ...diagnosis,
    causes: diagnosis.causes.map((cause) => ({ ...unknown(cause.code), ...words[cause.code], ...cause })),
  };
}
