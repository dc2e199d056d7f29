/**
 * Records three replies of the practice instance, and repeats them from a process of its own, which is faster than every worker. Node's own
 * server is used, because it takes less processor time for a reply than the worker's fetch does.
 *
 *   node --import tsx benches/worker/replies.ts REPLIES.json
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { CLIENT_ID, CLIENT_SECRET, startPracticeInstance } from "../../tests/harness/practice-instance.ts";

/** The sizes, by the table's name: how many rows make about 2.5 KB, 1.4 MB and 14 MB. */
const ROWS = { small: 1, page: 594, large: 6_028 } as const;
export type Size = keyof typeof ROWS;

interface Recorded {
  headers: [string, string][];
  body: string;
}

/** Headers about the connection belong to the server that repeats the reply. */
const OF_THE_CONNECTION = new Set(["connection", "content-length", "date", "keep-alive", "transfer-encoding"]);

export async function recordReplies(file: string): Promise<void> {
  const instance = await startPracticeInstance("--rows", "6100", "--quiet");
  try {
    const form = { grant_type: "client_credentials", client_id: CLIENT_ID, client_secret: CLIENT_SECRET };
    const token = await recorded(
      await fetch(`${instance.url}/oauth_token.do`, { method: "POST", body: new URLSearchParams(form) }),
    );
    const headers = { authorization: `Bearer ${JSON.parse(token.body).access_token}` };
    const replies: Record<string, Recorded> = { token };
    for (const [name, limit] of Object.entries(ROWS))
      replies[name] = await recorded(
        await fetch(
          `${instance.url}/api/now/table/incident?sysparm_exclude_reference_link=true&sysparm_limit=${limit}`,
          { headers },
        ),
      );
    writeFileSync(file, JSON.stringify(replies));
  } finally {
    await instance.stop();
  }
}

async function recorded(reply: Response): Promise<Recorded> {
  if (!reply.ok) throw new Error(`the practice instance answered ${reply.status}`);
  const headers = [...reply.headers].filter(([name]) => !OF_THE_CONNECTION.has(name));
  return { headers, body: await reply.text() };
}

function repeat(file: string): void {
  const all: Record<string, Recorded> = JSON.parse(readFileSync(file, "utf8"));
  const prepared = Object.entries(all).map(([name, { headers, body }]) => {
    const bytes = Buffer.from(body);
    return [name, { bytes, headers: [...headers, ["content-length", String(bytes.length)]].flat() }] as const;
  });
  const replies = new Map(prepared);
  const server = createServer({ keepAliveTimeout: 600_000 }, (request, response) => {
    // The body of a token request is received, because the connection is used again.
    request.resume();
    const path = (request.url ?? "").split("?", 1)[0] ?? "";
    const reply = replies.get(path === "/oauth_token.do" ? "token" : path.slice(path.lastIndexOf("/") + 1));
    if (reply) response.writeHead(200, reply.headers).end(reply.bytes);
    else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  process.on("SIGTERM", () => process.exit(0));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) repeat(process.argv[2] ?? "");
