/** Which new requests are the order that was sent: compared line by line, without requests. */

/** One line of an order, as it was sent. */
export interface OrderedLine {
  item: string;
  quantity: number;
  requestedFor?: string | undefined;
  /** By sys_id of the variable. Without answers they are not compared. */
  answers: ReadonlyMap<string, string>;
}

/** A requested item as it was found; undefined is hidden. */
export interface FoundLine {
  item: string | undefined;
  quantity: number | undefined;
  requestedFor: string | undefined;
  /** Undefined where none may be read. */
  answers: ReadonlyMap<string, string> | undefined;
}

export type Match = "yes" | "no" | "unsure";

/** Whether a requested item is a line of the order. */
export function matchLine(sent: OrderedLine, found: FoundLine): Match {
  const { item, quantity, requestedFor, answers } = found;
  if (item !== undefined && item !== sent.item) return "no";
  if (quantity !== undefined && quantity !== sent.quantity) return "no";
  if (sent.requestedFor !== undefined && requestedFor !== undefined && requestedFor !== sent.requestedFor) return "no";
  if (answers !== undefined) {
    for (const [variable, value] of sent.answers) {
      const kept = answers.get(variable);
      if (kept !== undefined && plain(kept) !== plain(value)) return "no";
    }
  }
  const isHidden = item === undefined || quantity === undefined;
  const isUnread = [...sent.answers].some(([variable, value]) => value !== "" && !answers?.has(variable));
  return isHidden || isUnread ? "unsure" : "yes";
}

/**
 * Whether a request is the order: each of its lines is a requested item of its own. A request may hold more: one that is made of an item
 * and what was in the cart. While the instance is still working on it, it has fewer. Lines are taken in turn: lines of a cart are compared by item
 * and quantity alone, so it makes no difference which of two equal ones takes which item.
 */
export function matchRequest(sent: readonly OrderedLine[], found: readonly FoundLine[]): Match {
  const left = [...found];
  let all: Match = "yes";
  for (const line of sent) {
    const matches = left.map((one) => matchLine(line, one));
    const sure = matches.indexOf("yes");
    const at = sure >= 0 ? sure : matches.indexOf("unsure");
    if (at < 0) return found.length < sent.length ? "unsure" : "no";
    if (sure < 0) all = "unsure";
    left.splice(at, 1);
  }
  return all;
}

/** The instance may store line ends in another form, and leave out spaces at the ends. */
function plain(text: string): string {
  return text.replace(/\r\n?/g, "\n").trim();
}
