/** What an administrator does on a practice instance, past the console. */
import { type SlowedInstance, startInstance } from "./instance.ts";

const HEADERS = {
  authorization: `Basic ${btoa("practice.admin:practice-admin-password")}`,
  accept: "application/json",
  "content-type": "application/json",
};

/** A request to the Table API; `path` begins with the table. */
export async function call<Result = { sys_id: string }[]>(
  url: string,
  method: string,
  path: string,
  values?: object,
): Promise<Result> {
  const body = values && JSON.stringify(values);
  const reply = await fetch(`${url}/api/now/table/${path}`, { method, headers: HEADERS, ...(body && { body }) });
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status}`);
  const { result } = (await reply.json()) as { result: Result };
  return result;
}

/** Changes the first record that a query finds. Returns its sys_id. */
export async function change(url: string, table: string, query: string, values: object): Promise<string> {
  const [row] = await call(url, "GET", `${table}?sysparm_query=${encodeURIComponent(query)}&sysparm_limit=1`);
  await call(url, "PATCH", `${table}/${row?.sys_id}`, values);
  return row?.sys_id ?? "";
}

/** An instance whose registered client has the rights of an administrator, as the console signs in with it. */
export async function administrated(...options: string[]): Promise<SlowedInstance> {
  const instance = await startInstance("--quiet", ...options);
  const [admin] = await call(instance.url, "GET", "sys_user?sysparm_query=user_name=practice.admin");
  await change(instance.url, "oauth_entity", "client_id=practice-client", { user: admin?.sys_id });
  return instance;
}
