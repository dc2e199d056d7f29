/**
 * A diagnosis decides in the core and explains itself here: title and causes come with the first failure, so that who never sees
 * one never downloads them. Where they cannot be had, the code, the evidence and what repeating may do are there all the same.
 */

import type { Cause, Diagnosis } from "sysparm";
import type { Failure } from "../protocol/failure.js";

/** A failure is not kept back longer than this for its words: what hinders the request may hinder them too. */
const PATIENCE_MS = 2000;

/** What is known of the instance: the menu words, and in a page whether to look what became of a request without a reply. */
export interface About {
  release?: string | undefined;
  /** The origin to look at; none where requests go by a fetch of the caller's own, which a page's look says nothing of. */
  origin?: string | undefined;
  /** Bytes of a body that is parsed. */
  most: number;
}

let loaded: typeof import("../explanations/index.js") | undefined;
let loading: Promise<void> | undefined;

/** A diagnosis of the core: title and causes come by the key of its row in the catalogue. */
type Keyed = Diagnosis & { key?: number };

/** Resolves when the words are there, cannot be had, or take too long; the next failure tries again. */
export function wordsFor(diagnosis: Keyed): Promise<void> {
  return diagnosis.causes.length === 0 && diagnosis.key === undefined ? Promise.resolve() : patiently(words());
}

/** The same for a failure, which a page's own look at the instance may rank anew. */
export function explain(failure: Failure, { release, origin }: About): Promise<void> {
  const { diagnosis } = failure;
  if (diagnosis.kind !== "network") return wordsFor(diagnosis);
  const looked = async () => {
    await words();
    const seen = origin && (await loaded?.looked(origin, diagnosis.code, failure.ofToken === true));
    if (!seen) return;
    failure.message += ` ${seen.title}.`;
    failure.diagnosis = explained({ ...explained(diagnosis), causes: seen.causes as Cause[] }, release);
    failure.diagnosis.evidence = [...diagnosis.evidence, seen.title];
  };
  return patiently(looked());
}

export function explained({ key, ...diagnosis }: Keyed, release?: string): Diagnosis {
  const row = key === undefined ? undefined : loaded?.rowOf(key);
  const unknown = (code: string) => ({ title: code, tellApart: "", fix: [], source: "" });
  const known = ({ code }: Cause) => loaded?.wordsOf(code, release);
  return {
    ...diagnosis,
    // The causes of a closed circuit are those of what opened it.
    ...(row?.code === diagnosis.code && { title: row.title }),
    causes: (row?.causes ?? diagnosis.causes).map((cause) => ({ ...unknown(cause.code), ...cause, ...known(cause) })),
  };
}

/** The same for what has a message, in which the code stands in the place of the title. */
export function worded<T extends { message: string; diagnosis: Diagnosis }>(failure: T, release?: string): T {
  const diagnosis = explained(failure.diagnosis, release);
  const { code, title } = diagnosis;
  const isOpen = title !== undefined && failure.message.startsWith(`${code} (`);
  return { ...failure, diagnosis, message: isOpen ? title + failure.message.slice(code.length) : failure.message };
}

function words(): Promise<void> {
  loading ??= import("../explanations/index.js").then(
    (module) => {
      loaded = module;
    },
    () => {
      loading = undefined;
    },
  );
  return loading;
}

async function patiently(work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
