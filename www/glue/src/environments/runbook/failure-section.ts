/** Signs of failure with fixes: the causes of the catalogue that fit how the integration signs in and what it does. */
import type { Inventory, RunbookGiven, RunbookSection } from "sysparm/environments";
import { CAUSES_BY_USE, COMMON_CAUSES, METHODS_IN_WORDS } from "./methods.js";

/** Texts with the menus and the names of one integration filled in. */
export interface IntegrationTexts {
  /** The catalogue's words for a cause. */
  ofCause: (code: string) => { title: string; tellApart: string; fix: string[]; source: string } | undefined;
  /** A text that names menus, account or client in braces. */
  inWords: (text: string) => string;
}

export function failureSection(
  inventory: Inventory,
  { traffic }: RunbookGiven,
  { ofCause }: IntegrationTexts,
): RunbookSection {
  const { method } = inventory;
  const used = traffic?.apis.filter(({ calls }) => calls > 0).map(({ api }) => api) ?? [];
  const writes = traffic?.tables.some(({ operations: { create, write } }) => (create ?? write)?.calls) ? ["write"] : [];
  const codes = [
    ...(method.status === "read" ? METHODS_IN_WORDS[method.value].causes : []),
    ...COMMON_CAUSES,
    ...[...writes, ...used].flatMap((use) => CAUSES_BY_USE[use] ?? []),
  ];
  const rows = [...new Set(codes)].flatMap((code) => {
    const words = ofCause(code);
    return words ? [[words.title, words.tellApart, words.fix.join(" "), words.source]] : [];
  });
  return {
    title: "When it fails",
    blocks: [
      {
        kind: "text",
        text: "First note the message and the X-Transaction-ID header of the failed call. Then compare it with these causes; those of the sign-in come first.",
      },
      { kind: "table", head: ["Cause", "How to see it", "What to do", "Source"], rows },
    ],
  };
}
