/** Follows `$ref` inside one document. Cycles and chains are bounded. */
import type { Where } from "./intake";
import { field, isFields } from "./reading";

export type References = ReturnType<typeof createReferences>;

export function createReferences(document: unknown, lose: (where: Where, what: string, why: string) => void) {
  const reported = new Set<string>();

  function report(where: Where, reference: string, why: string): void {
    if (reported.has(reference)) return;
    reported.add(reference);
    lose(where, `reference ${reference.slice(0, 80)}`, why);
  }

  /** The value that is meant: the value itself, or that of its `$ref`. Undefined if it leads nowhere. */
  function resolve(value: unknown, where: Where = []): unknown {
    let current = value;
    for (let hop = 0; hop < LONGEST_CHAIN; hop += 1) {
      const reference = field(current, "$ref");
      if (typeof reference !== "string") return current;
      if (!reference.startsWith("#/")) {
        report(where, reference, "only references inside the document are followed");
        return undefined;
      }
      current = at(reference);
      if (current === undefined) {
        report(where, reference, "the document has no such part");
        return undefined;
      }
    }
    report(where, String(field(value, "$ref")), "the references lead in a circle");
    return undefined;
  }

  function at(pointer: string): unknown {
    let current: unknown = document;
    for (const step of pointer.slice(2).split("/").slice(0, LONGEST_POINTER)) {
      const name = unescaped(step);
      current = Array.isArray(current) ? current[Number(name)] : isFields(current) ? field(current, name) : undefined;
    }
    return current;
  }

  return { resolve };
}

function unescaped(step: string): string {
  let decoded = step;
  try {
    decoded = decodeURIComponent(step);
  } catch {
    // A lone % is part of the name.
  }
  return decoded.replaceAll("~1", "/").replaceAll("~0", "~");
}

const LONGEST_CHAIN = 30;
const LONGEST_POINTER = 50;
