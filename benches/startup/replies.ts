/** Records the replies of the practice instance that every program of the benchmark gets. */
import { CLIENT_ID, CLIENT_SECRET, startPracticeInstance } from "../../tests/harness/practice-instance.ts";
import { PAGE_SIZE, TABLE } from "./programs/setting.js";

/** Status 200, headers and body. */
export interface Reply {
  headers: Record<string, string>;
  body: string;
}

export interface Replies {
  token: Reply;
  page: Reply;
}

/** Headers about the connection belong to the server that repeats the reply. */
const OF_THE_CONNECTION = new Set(["connection", "content-length", "date", "keep-alive", "transfer-encoding"]);

export async function recordReplies(): Promise<Replies> {
  const instance = await startPracticeInstance("--rows", "1000", "--quiet");
  try {
    const form = { grant_type: "client_credentials", client_id: CLIENT_ID, client_secret: CLIENT_SECRET };
    const token = await recorded(
      await fetch(`${instance.url}/oauth_token.do`, { method: "POST", body: new URLSearchParams(form) }),
    );
    const headers = { authorization: `Bearer ${JSON.parse(token.body).access_token}`, accept: "application/json" };
    const path = `/api/now/table/${TABLE}?sysparm_query=ORDERBYsys_id&sysparm_limit=${PAGE_SIZE}`;
    return { token, page: await recorded(await fetch(instance.url + path, { headers })) };
  } finally {
    await instance.stop();
  }
}

async function recorded(reply: Response): Promise<Reply> {
  if (!reply.ok) throw new Error(`the practice instance answered ${reply.status}`);
  const headers = [...reply.headers].filter(([name]) => !OF_THE_CONNECTION.has(name));
  return { headers: Object.fromEntries(headers), body: await reply.text() };
}
