/** Compares the reply of a tab with another: that of the same request in another environment, or the reply before it. */
import { signal } from "@preact/signals";
import { count, duration, plural, size } from "../number";
import { same } from "../workspace/merge";
import { type AuthSetting, isWrite, type SavedRequest } from "../workspace/model";
import { isSecretPath } from "../workspace/secret-names";
import type { Comparable, Compared } from "./compare-texts";
import type { Change, Difference } from "./difference";
import { answerOf, type Ended, type Outcome, perform, type Surroundings, unresolvedWords } from "./exchange";
import { changedSince, type Host } from "./host";
import { differenceLimited, type Limits } from "./limited";
import { mask, maskAddress, maskText, sentPart } from "./masking";
import { prepareIn } from "./prepare";

/** One of the two replies. `name` is that of its environment, or says which reply it is; `origin` is that of its instance. */
export interface Side extends Pick<Outcome, "reply" | "failure"> {
  name: string;
  origin: string;
}

/** `of` is the reply that is compared. The state is of no use once another has come. */
export type ComparisonState =
  | { phase: "none" }
  | { phase: "sending"; of: Ended; name: string }
  | { phase: "problem"; of: Ended; problem: string }
  | { phase: "compared"; of: Ended; other: Side };

export type Comparison = ReturnType<typeof createComparison>;

export function createComparison(surroundings: () => Surroundings, files: () => ReadonlyMap<string, File>) {
  const state = signal<ComparisonState>({ phase: "none" });
  let abort: AbortController | undefined;

  /** Sends the request of a reply in another environment, with its variables and its token. Its variables stay as they are. */
  async function send(of: Ended, host: Host): Promise<void> {
    cancel();
    const mine = new AbortController();
    abort = mine;
    const environment = host.environment();
    const name = environment?.name ?? "";
    const set = (next: ComparisonState) => {
      if (!mine.signal.aborted) state.value = next;
    };
    const refuse = (problem: string) => set({ phase: "problem", of, problem });
    const instance = host.instance();
    if (!instance) return refuse(`${name} is not connected any more. Connect it, then compare again.`);
    const prepared = prepareIn(host, instance.url, of.request, { ...surroundings(), files: files() });
    if ("problem" in prepared) return refuse(`In ${name}: ${prepared.problem}`);
    const { sending } = prepared;
    if (hasCredentials(of.request, sending.auth)) {
      return refuse(
        `The request has credentials of its own, entered for ${of.where || "another environment"}. They are not sent to ${name}. Set Auth to that of the environment and use variables in place of secrets to compare.`,
      );
    }
    if (sending.unresolved.length > 0) return refuse(`In ${name}: ${unresolvedWords(sending.unresolved)}`);
    set({ phase: "sending", of, name });
    if (isWrite(sending.method) && !(await host.allowWrite(sending.line)))
      return refuse("The write was not confirmed.");
    if (mine.signal.aborted) return;
    const changed = changedSince(host, environment, instance);
    if (changed !== "") return refuse(changed);
    const outcome = await perform(host, instance, of.request, sending, mine.signal);
    if (outcome !== "cancelled") set({ phase: "compared", of, other: { ...outcome, name, origin: instance.url } });
  }

  function take(of: Ended, other: Side): void {
    cancel();
    state.value = { phase: "compared", of, other };
  }

  function cancel(): void {
    abort?.abort();
    state.value = { phase: "none" };
  }

  return { state, send, take, cancel };
}

/** Whether a request carries credentials that are not those of the environment in use: its Auth, or a secret as plain text. */
function hasCredentials(request: SavedRequest, auth: AuthSetting): boolean {
  if (auth.kind !== "inherit" && auth.kind !== "none") return true;
  const sent = sentPart(request);
  return !same(mask(sent), sent);
}

/** The two with names that differ: environments may have the same. */
export function namedSides(of: Ended, other: Side): [Side, Side] {
  const one = { ...of, name: of.where || "This reply" };
  if (one.name !== other.name) return [one, other];
  const withHost = (side: Side): Side => ({ ...side, name: `${side.name} (${new URL(side.origin).host})` });
  return [withHost(one), withHost(other)];
}

/** The differences of two bodies, or why they cannot be compared. Rejects only where the signal is aborted. */
export async function compareBodies(
  one: Side,
  other: Side,
  ignore: ReadonlySet<string>,
  limits: Limits = {},
): Promise<Comparable> {
  const absent = [one, other].find(({ reply }) => !reply);
  if (absent) return { problem: `There is no reply of ${absent.name} to compare.` };
  return differenceLimited([comparedOf(one), comparedOf(other)], ignore, limits);
}

function comparedOf({ name, origin, reply }: Side): Compared {
  return { name, origin, text: reply && answerOf(reply).text };
}

/** Names of fields, as typed: with commas or spaces between them. */
export function fieldNames(typed: string): ReadonlySet<string> {
  return new Set(typed.split(/[\s,]+/).filter(Boolean));
}

export function differenceWords({ changes, more, ignored, tooDeep }: Difference): string {
  const kinds = (["changed", "added", "removed"] as const).flatMap((kind) => {
    const found = changes.filter((change) => change.kind === kind).length;
    return found === 0 ? [] : [`${count(found)} ${kind}`];
  });
  const listed = more
    ? `More than ${plural(changes.length, "difference")}; the first ${count(changes.length)} are listed`
    : plural(changes.length, "difference");
  return [
    changes.length === 0 ? "No differences." : `${listed}: ${kinds.join(", ")}.`,
    ignored > 0 ? `${plural(ignored, "value")} of ignored fields ${ignored === 1 ? "differs" : "differ"}.` : "",
    tooDeep ? "Values deeper than 100 levels are not compared." : "",
  ]
    .filter(Boolean)
    .join(" ");
}

/** Status, time and size of a side, as one line. */
function sideWords({ name, reply }: Side): string {
  if (!reply) return `${name}: no reply`;
  return `${name}: ${reply.status} ${reply.statusText}, ${duration(reply.totalMs)}, ${size(reply.body.bytes)}`;
}

/** The comparison as text for a ticket or a message. Values that may be secrets are not in it. */
export function comparisonText(line: string, sides: readonly [Side, Side], found: Difference): string {
  const lines = found.changes.map((change) => `${change.kind} ${change.path}: ${copiedWords(change)}`);
  return `${[maskAddress(line), ...sides.map(sideWords), differenceWords(found), ...lines].join("\n")}\n`;
}

function copiedWords(change: Change): string {
  return isSecretPath(change.path) ? "(not copied: it may be a secret)" : maskText(changeWords(change));
}

function changeWords(change: Change): string {
  if (change.kind === "added") return valueText(change.after);
  if (change.kind === "removed") return valueText(change.before);
  return `${valueText(change.before)} -> ${valueText(change.after)}`;
}

/** A value as JSON, cut to one line. */
export function valueText(value: unknown): string {
  const text = JSON.stringify(value) ?? "";
  return text.length > VALUE_CHARACTERS ? `${text.slice(0, VALUE_CHARACTERS)}…` : text;
}

const VALUE_CHARACTERS = 300;
