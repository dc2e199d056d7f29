/** Token and first rows with sysparm. */
import { connect } from "sysparm";
import { CLIENT_ID, CLIENT_SECRET, PAGE_SIZE, TABLE } from "./setting.js";

/** The number of rows. */
export async function firstRows(url) {
  const auth = { grant: "client_credentials", clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
  const instance = await connect({ url, auth });
  const { rows } = await instance.table(TABLE).list({ pageSize: PAGE_SIZE });
  return rows.length;
}

/** What a worker does before its first request. */
export const prepare = (url) => connect({ url, auth: { token: "none" } });
