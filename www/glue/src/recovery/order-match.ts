/** Which new requests are the order that was sent: compared line by line, without requests. */

/** One line of an order, as it was sent. */
export interface OrderedLine {
  item: string;
  quantity: number;
  requestedFor?: string | undefined;
  /** By sys_id of the variable. Without answers they are not compared. */
  answers: ReadonlyMap<string, string>;
  /** Variables whose answers the instance may store in another form than they were sent. */
  reworded?: ReadonlySet<string> | undefined;
  /** The variable whose answer is the key: a request with another key is another order. */
  key?: string | undefined;
}

/** A requested item as it was found; undefined is hidden. */
export interface FoundLine {
  item: string | undefined;
  quantity: number | undefined;
  requestedFor: string | undefined;
  /** Undefined where none may be read. */
  answers: ReadonlyMap<string, string> | undefined;
}

/**
 * "other": the same item with another quantity, user or answer: another order, or this one as the instance has changed it. It may order for the
 * caller where it does not find the user, and a variable may name another one. So only another item is "no".
 */
export type Match = "yes" | "no" | "unsure" | "other";

/** Best first. */
const MATCHES: readonly Match[] = ["yes", "unsure", "other", "no"];

/** Whether a requested item is a line of the order. */
export function matchLine(sent: OrderedLine, found: FoundLine): Match {
  const { item, quantity, requestedFor, answers } = found;
  if (item !== undefined && !isSameId(item, sent.item)) return "no";
  if (sent.key !== undefined && isOtherKey(answers?.get(sent.key), sent.answers.get(sent.key))) return "no";
  if (quantity !== undefined && quantity !== sent.quantity) return "other";
  const isForOther = sent.requestedFor !== undefined && requestedFor !== undefined;
  if (isForOther && !isSameId(requestedFor, sent.requestedFor ?? "")) return "other";
  const differing = [...sent.answers].filter(([variable, value]) => {
    const kept = answers?.get(variable);
    return kept !== undefined && plain(kept) !== plain(value);
  });
  if (differing.some(([variable]) => !sent.reworded?.has(variable))) return "other";
  const isHidden = item === undefined || quantity === undefined;
  const isUnread = [...sent.answers].some(([variable, value]) => value !== "" && !answers?.has(variable));
  return isHidden || isUnread || differing.length > 0 ? "unsure" : "yes";
}

/**
 * Whether a request is the order: each of its lines is a requested item of its own. A request may hold more (what was in the cart), or fewer
 * while the instance is still working on it. A request that holds any of the items sent is "other" at least, never "no". Lines are taken in
 * turn: those of a cart are compared by item and quantity alone, so equal ones may take either item.
 */
export function matchRequest(sent: readonly OrderedLine[], found: readonly FoundLine[]): Match {
  // Nothing can be compared.
  if (sent.length === 0) return "unsure";
  const left = [...found];
  let worst = 0;
  const isOfItem = sent.some((line) => found.some((one) => matchLine(line, one) !== "no"));
  for (const line of sent) {
    const matches = left.map((one) => MATCHES.indexOf(matchLine(line, one)));
    const best = Math.min(...matches, MATCHES.indexOf("no"));
    if (MATCHES[best] === "no") {
      if (found.length < sent.length) return "unsure";
      return isOfItem ? "other" : "no";
    }
    worst = Math.max(worst, best);
    left.splice(matches.indexOf(best), 1);
  }
  return MATCHES[worst] ?? "no";
}

/** Whether both are keys of which neither is the other one cut short or in other letters. */
function isOtherKey(found = "", sent = ""): boolean {
  const [one, other] = [plain(found).toLowerCase(), plain(sent).toLowerCase()];
  return one !== "" && other !== "" && !one.startsWith(other) && !other.startsWith(one);
}

/** The instance stores small letters, and takes capitals. */
function isSameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The instance may store line ends in another form, and leave out spaces at the ends. */
function plain(text: string): string {
  return text.replace(/\r\n?/g, "\n").trim();
}
