/** The incidents of a practice instance as the source of a copy: changes them while a copy is read, and gives what the copy must hold. */
import assert from "node:assert/strict";
import { CLIENT_ID, type PracticeInstance } from "./practice-instance.ts";

const ADMINISTRATOR = `Basic ${btoa("practice.admin:practice-admin-password")}`;

export type SourceRow = Record<string, string>;

/** `fields` are those of the rows that `rows` gives; all where there are none. */
export function changingSource(instance: PracticeInstance, fields: readonly string[] = []) {
  /** A request of an administrator. */
  async function request(method: string, path: string, body?: unknown): Promise<SourceRow[]> {
    const headers = { authorization: ADMINISTRATOR, "content-type": "application/json" };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const reply = await fetch(`${instance.url}/api/now/table/${path}`, { method, headers, ...sent });
    assert.ok(reply.ok, `${method} ${path}: ${reply.status}`);
    return reply.status === 204 ? [] : [((await reply.json()) as { result: SourceRow | SourceRow[] }).result].flat();
  }

  return {
    /** Deletions are on record in a table that administrators may read: from here on the client is one. */
    async letReadDeletions(): Promise<void> {
      const [[client], [administrator]] = await Promise.all([
        request("GET", `oauth_entity?client_id=${CLIENT_ID}`),
        request("GET", "sys_user?user_name=practice.admin"),
      ]);
      await request("PATCH", `oauth_entity/${client?.sys_id}`, { user: administrator?.sys_id });
    },

    /** Changes one row, deletes one and makes one. */
    async change(round: number): Promise<void> {
      const [changed, gone] = await request(
        "GET",
        `incident?sysparm_limit=2&sysparm_offset=${round * 7}&sysparm_fields=sys_id`,
      );
      await request("PATCH", `incident/${changed?.sys_id}`, { short_description: `changed \u2028 in round ${round}` });
      await request("DELETE", `incident/${gone?.sys_id}`);
      await request("POST", "incident", { short_description: `made in round ${round}` });
    },

    /** Every row by its `sys_id`. */
    async rows(): Promise<Map<string | undefined, SourceRow>> {
      await instance.set({ faults: [] });
      const rows = new Map<string | undefined, SourceRow>();
      const asked = fields.length === 0 ? "" : `&sysparm_fields=${fields.join()},sys_mod_count`;
      for (let offset = 0; ; offset += 10_000) {
        const page = await request(
          "GET",
          `incident?sysparm_query=ORDERBYsys_id&sysparm_limit=10000&sysparm_offset=${offset}&sysparm_exclude_reference_link=true${asked}`,
        );
        if (page.length === 0) return rows;
        for (const row of page) rows.set(row.sys_id, row);
      }
    },
  };
}

/** Rows of a copy by their `sys_id`, each once. */
export function byId(rows: readonly SourceRow[]): Map<string | undefined, SourceRow> {
  const copied = new Map(rows.map((row) => [row.sys_id, row]));
  assert.equal(copied.size, rows.length, "no row is in the copy twice");
  return copied;
}

/** Row by row, cell by cell. */
export function assertCopyEquals(
  copied: Map<string | undefined, SourceRow>,
  expected: Map<string | undefined, SourceRow>,
  atLeast: number,
): void {
  assert.ok(expected.size >= atLeast, `${expected.size} rows`);
  assert.equal(copied.size, expected.size);
  for (const [id, row] of expected) assert.deepEqual({ ...copied.get(id) }, row);
}
