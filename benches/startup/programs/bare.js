/** Token and first rows with two calls of fetch: the least that any program does. */
import { CLIENT_ID, CLIENT_SECRET, PAGE_SIZE, TABLE } from "./setting.js";

/** The number of rows. */
export async function firstRows(url) {
  const form = { grant_type: "client_credentials", client_id: CLIENT_ID, client_secret: CLIENT_SECRET };
  const granted = await fetch(`${url}/oauth_token.do`, { method: "POST", body: new URLSearchParams(form) });
  const { access_token: token } = await granted.json();
  const headers = { accept: "application/json", authorization: `Bearer ${token}` };
  const reply = await fetch(`${url}/api/now/table/${TABLE}?sysparm_limit=${PAGE_SIZE}`, { headers });
  return (await reply.json()).result.length;
}

/** What a worker does before its first request. */
export const prepare = async () => undefined;
