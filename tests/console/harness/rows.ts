/** Finds the expected rows with code that is independent of the console. */
import { readFile } from "node:fs/promises";
import { CLIENT_ID, CLIENT_SECRET } from "./instance.ts";

/** Reads the REST API with plain `fetch`, in small pages, up to the instance's count. */
export async function numbersByFetch(instanceUrl: string): Promise<{ numbers: Set<string>; total: number }> {
  const granted = await fetch(`${instanceUrl}/oauth_token.do`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials", client_id: CLIENT_ID, client_secret: CLIENT_SECRET }),
  });
  const { access_token: token } = (await granted.json()) as { access_token: string };
  const numbers = new Set<string>();
  let total = 1;
  for (let offset = 0; offset < total; offset += PAGE) {
    const address = `${instanceUrl}/api/now/table/incident?sysparm_fields=number&sysparm_query=ORDERBYnumber&sysparm_limit=${PAGE}&sysparm_offset=${offset}`;
    const response = await fetch(address, {
      headers: { Authorization: `Bearer ${token}`, Accept: "application/json" },
    });
    if (response.status !== 200) throw new Error(`status ${response.status} at offset ${offset}`);
    total = Number(response.headers.get("X-Total-Count"));
    for (const row of ((await response.json()) as { result: { number: string }[] }).result) numbers.add(row.number);
  }
  return { numbers, total };
}

/** The incident numbers of an event log: its column `number`, each once. */
export async function numbersInEventLog(path: string): Promise<Set<string>> {
  const [head, ...events] = parseCsv(await readFile(path, "utf8"));
  const column = head?.indexOf("number") ?? -1;
  if (column < 0) throw new Error("the event log has no column named number");
  return new Set(events.map((event) => event[column] ?? ""));
}

/** RFC 4180, character by character. */
export function parseCsv(text: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? "";
    if (quoted) {
      if (character !== '"') cell += character;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "," || character === "\n") {
      line.push(cell);
      cell = "";
      if (character === "\n") {
        lines.push(line);
        line = [];
      }
    } else if (character !== "\r") cell += character;
  }
  if (cell !== "" || line.length > 0) lines.push([...line, cell]);
  return lines;
}

const PAGE = 700;
