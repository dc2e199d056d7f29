/**
 * Diagnoses of replies that somebody pasted or dropped. Nothing is sent.
 *
 *     none --examine--> examining --each reply--> done
 *                              `--cannot be read--> problem
 */
import { signal } from "@preact/signals";
import { type Classified, classify, type Observed } from "sysparm";
import { readFile } from "../kit/read-file";
import { maskAddress, maskConditions } from "../tester/masking";
import { harExchanges, MOST_CHARACTERS } from "./har";
import { type PastedRequest, pastedReply } from "./pasted";

export interface Result {
  /** Such as "GET /api/now/table/incident: 401", without values that look like secrets. */
  line: string;
  status: number | undefined;
  classified: Classified;
}

export type Examined =
  | { name: "none" }
  | { name: "examining"; done: number; of: number }
  | { name: "problem"; problem: string }
  /** `inOrder` counts the replies against which nothing speaks. */
  | { name: "done"; results: Result[]; inOrder: number; of: number };

/** The code of a reply that is in order. */
const IN_ORDER = "reply.in-order";
/** Exchanges before one, which tell how old a token is. `classify` reads as many. */
const EARLIER = 64;

export type Examination = ReturnType<typeof createExamined>;

export function createExamined() {
  const state = signal<Examined>({ name: "none" });
  let turn = 0;

  async function examine(exchanges: readonly Observed[], release: string): Promise<void> {
    turn += 1;
    const mine = turn;
    const results: Result[] = [];
    let inOrder = 0;
    try {
      for (const [at, exchange] of exchanges.entries()) {
        if (at % DRAWN_EVERY === 0) state.value = { name: "examining", done: at, of: exchanges.length };
        const earlier = exchanges.slice(Math.max(0, at - EARLIER), at);
        const classified = await classify(exchange, { earlier, ...(release && { release }) });
        // Another reply was pasted, or the work was stopped.
        if (mine !== turn) return;
        // One reply alone is shown whatever it is.
        if (classified.code === (IN_ORDER as string) && exchanges.length > 1) inOrder += 1;
        else results.push({ line: lineOf(exchange), status: exchange.status, classified });
      }
      state.value = { name: "done", results, inOrder, of: exchanges.length };
    } catch (thrown) {
      if (mine === turn)
        state.value = { name: "problem", problem: thrown instanceof Error ? thrown.message : String(thrown) };
    }
  }

  async function examinePasted(text: string, status: string, request: PastedRequest, release: string): Promise<void> {
    const observed = pastedReply(text, status, request);
    if ("problem" in observed) stopWith(observed.problem);
    else await examine([observed], release);
  }

  async function examineHar(file: Pick<File, "size" | "text">, release: string): Promise<void> {
    if (file.size > MOST_CHARACTERS) return stopWith("The file has more than 100 MB. Save a part of the log.");
    turn += 1;
    const mine = turn;
    const read = await readFile(file);
    if (mine !== turn) return;
    if ("problem" in read) return stopWith(read.problem);
    const exchanges = harExchanges(read.text);
    if ("problem" in exchanges) stopWith(exchanges.problem);
    else if (exchanges.length === 0) stopWith("The log has no exchange. Send the request while the log is recorded.");
    else await examine(exchanges, release);
  }

  function stopWith(problem: string): void {
    turn += 1;
    state.value = { name: "problem", problem };
  }

  function clear(): void {
    turn += 1;
    state.value = { name: "none" };
  }

  return { state, examinePasted, examineHar, clear };
}

const DRAWN_EVERY = 50;

function lineOf({ request, status, transport }: Observed): string {
  const url = request?.url ?? "";
  const path = url.replace(/^[a-z]+:\/\/[^/]*/i, "");
  return `${request?.method ?? ""} ${maskConditions(maskAddress(path)) || "(address not given)"}: ${status ?? transport ?? "no reply"}`.trim();
}
