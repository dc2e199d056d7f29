/** Signs of failure with fixes: the causes of the catalogue that fit how the integration signs in and what it does. */
import type { Inventory, RunbookGiven, RunbookSection } from "sysparm/environments";
import { CAUSES_BY_USE, COMMON_CAUSES, METHODS_IN_WORDS } from "./methods.js";

/** The catalogue's words for a cause in a release. */
export type TextsOf = (
  code: string,
  release?: string,
) => { title: string; tellApart: string; fix: string[]; source: string } | undefined;

export function failureSection(
  inventory: Inventory,
  { traffic }: RunbookGiven,
  textsOf: TextsOf,
  fill: (text: string) => string,
): RunbookSection {
  const { method, release } = inventory;
  const family = release.status === "read" ? release.value.family : undefined;
  const used = traffic?.apis.filter(({ calls }) => calls > 0).map(({ api }) => api) ?? [];
  const writes = traffic?.tables.some(({ operations: { create, write } }) => (create ?? write)?.calls) ? ["write"] : [];
  const codes = [
    ...(method.status === "read" ? METHODS_IN_WORDS[method.value].causes : []),
    ...COMMON_CAUSES,
    ...[...writes, ...used].flatMap((use) => CAUSES_BY_USE[use] ?? []),
  ];
  const rows = [...new Set(codes)].flatMap((code) => {
    const words = textsOf(code, family);
    return words ? [[fill(words.title), fill(words.tellApart), words.fix.map(fill).join(" "), words.source]] : [];
  });
  return {
    title: "When it fails",
    blocks: [
      {
        kind: "text",
        text: "The message and the X-Transaction-ID of the failed call come first; then these, the sign-in's own before others.",
      },
      { kind: "table", head: ["Cause", "How to see it", "What to do", "Source"], rows },
    ],
  };
}
