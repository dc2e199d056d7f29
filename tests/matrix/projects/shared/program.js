import { classify, connect, SysparmError } from "sysparm";
import { load as loadDoctor } from "sysparm/doctor";
import { load, Query } from "sysparm/query";
import { sync } from "sysparm/sync";
import { read } from "sysparm/values";

/** Uses every WebAssembly file of the package, and says what came of it. */
export async function check(url, fetch) {
  const auth = { grant: "client_credentials", clientId: "practice-client", clientSecret: "practice-secret" };
  const instance = await connect({ url, auth, fetch });
  await Promise.all([load(), loadDoctor()]);
  const query = Query.where("active").is(true).orderByDescending("opened_at");
  const { rows } = await instance.table("incident").list({ query, limit: 3, displayValue: "all" });
  const { values } = read(rows[0], await instance.schema("incident"));
  const refused = await instance
    .table("nope")
    .list()
    .catch((error) => error);
  let synced = 0;
  for await (const batch of sync(instance.table("problem"))) synced += batch.rows.length;
  const { code } = await classify({ status: 401 });
  instance.close();
  const isDate = Object.prototype.toString.call(values.opened_at) === "[object Date]";
  return `read ${isDate}, synced ${synced > 0}, ${refused instanceof SysparmError} ${refused.code}, ${code}.`;
}
