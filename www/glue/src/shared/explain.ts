/**
 * Adds titles and causes to diagnoses. Their texts are loaded with the first failure, so that a program without failures never downloads
 * them. Where they cannot be loaded, a diagnosis still has its code, its evidence and its retry advice.
 */

import type { Cause, Diagnosis } from "sysparm";
import type { Failure } from "../protocol/failure.js";

/** A failure waits no longer than this for its texts: what made the request fail may stop them, too. */
const LONGEST_WAIT_MS = 2000;

/** What the driver knows about the instance. */
export interface InstanceFacts {
  /** Decides which menu names a text has. */
  release?: string | undefined;
  /** The origin that a web page checks after a request without a reply; none with a custom `fetch`, of which the check says nothing. */
  origin?: string | undefined;
  /** The largest body that is parsed. */
  maxBodyBytes: number;
}

let loaded: typeof import("../explanations/index.js") | undefined;
let loading: Promise<void> | undefined;

/** A diagnosis of the core: `key` names its row in the catalogue, which has the title and the causes. */
type Keyed = Diagnosis & { key?: number };

/** Resolves when the texts are loaded, cannot be loaded, or take too long. The next failure tries again. */
export function loadTexts(diagnosis: Keyed): Promise<void> {
  return diagnosis.causes.length === 0 && diagnosis.key === undefined ? Promise.resolve() : bounded(load());
}

/** The same for a failure. A web page's own check of the instance may change the ranking of its causes. */
export function explainFailure(failure: Failure, { release, origin }: InstanceFacts): Promise<void> {
  const { diagnosis } = failure;
  if (diagnosis.kind !== "network") return loadTexts(diagnosis);
  const check = async () => {
    await load();
    const seen = origin && (await loaded?.causesByReachability(origin, diagnosis.code, failure.ofToken === true));
    if (!seen) return;
    failure.message += ` ${seen.title}.`;
    failure.diagnosis = withTexts({ ...withTexts(diagnosis), causes: seen.causes as Cause[] }, release);
    failure.diagnosis.evidence = [...diagnosis.evidence, seen.title];
  };
  return bounded(check());
}

/** The diagnosis with its title and the texts of its causes, as far as they are loaded. */
export function withTexts({ key, ...diagnosis }: Keyed, release?: string): Diagnosis {
  const row = key === undefined ? undefined : loaded?.rowOf(key);
  const unknown = (code: string) => ({ title: code, tellApart: "", fix: [], source: "" });
  const known = ({ code }: Cause) => loaded?.textsOfCause(code, release);
  return {
    ...diagnosis,
    // The causes of a closed circuit are those of what opened it.
    ...(row?.code === diagnosis.code && { title: row.title }),
    causes: (row?.causes ?? diagnosis.causes).map((cause) => ({ ...unknown(cause.code), ...cause, ...known(cause) })),
  };
}

/** The same for a failure. The core's message begins with the code, which the title replaces. */
export function failureWithTexts<T extends { message: string; diagnosis: Diagnosis }>(failure: T, release?: string): T {
  const diagnosis = withTexts(failure.diagnosis, release);
  const { code, title } = diagnosis;
  const isOpen = title !== undefined && failure.message.startsWith(`${code} (`);
  return { ...failure, diagnosis, message: isOpen ? title + failure.message.slice(code.length) : failure.message };
}

function load(): Promise<void> {
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

async function bounded(work: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LONGEST_WAIT_MS);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}
