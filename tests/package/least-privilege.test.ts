/**
 * The proposal of an audit, applied: each account of a practice instance makes its calls, gets the roles that are proposed, and makes the
 * same calls again.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { connect } from "sysparm";
import { audit, readInventory, tablesOf, traffic } from "sysparm/environments";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";

let practice: PracticeInstance;
let roleIds: Map<string, string>;
let incident: string;

interface RecordedReply {
  status: number;
  text: string;
  entry: object;
}

/** A request as a HAR log has it. */
async function send(user: string, method: string, path: string, body?: object | string): Promise<RecordedReply> {
  const password = user === "practice.admin" ? "practice-admin-password" : "account-password";
  const headers = { authorization: `Basic ${btoa(`${user}:${password}`)}`, "content-type": "application/json" };
  const sent = typeof body === "string" ? body : JSON.stringify(body);
  const url = practice.url + path;
  const reply = await fetch(url, { method, headers, ...(body !== undefined && { body: sent }) });
  const text = await reply.text();
  const entry = {
    request: {
      method,
      url,
      headers: [{ name: "authorization", value: headers.authorization }],
      postData: { text: sent },
    },
    response: { status: reply.status, content: { text } },
  };
  return { status: reply.status, text, entry };
}

async function administer(method: string, path: string, body?: object): Promise<Record<string, string>[]> {
  const { status, text } = await send("practice.admin", method, `/api/now/table/${path}`, body);
  assert.ok(status < 300, `${method} ${path}: ${status} ${text}`);
  return text === "" ? [] : [JSON.parse(text).result].flat();
}

before(async () => {
  practice = await startPracticeInstance("--rows", "30", "--quiet");
  const roles = await administer("GET", "sys_user_role?sysparm_fields=name,sys_id");
  roleIds = new Map(roles.map(({ name = "", sys_id = "" }) => [name, sys_id]));
  const [first] = await administer("GET", "incident?sysparm_limit=1&sysparm_fields=sys_id");
  incident = first?.sys_id ?? "";
});
after(() => practice?.stop());

type Line = [method: string, path: string, body?: object | string];

const grant = (user: string, role: string) =>
  administer("POST", "sys_user_has_role", { user, role: roleIds.get(role), state: "active", inherited: "false" });

interface Case {
  held: string[];
  calls: () => Line[];
  kept: string[];
  added: string[];
  /** What makes the proposal unsure; nothing without it. */
  doubt?: RegExp;
}

/** Everyone may read users on the practice instance, by a rule without roles. */
const EMPTY_RULE = /^A rule for read on sys_user names no role|^What read on sys_user asks for is not known/;

const LIST = "?sysparm_fields=number,short_description&sysparm_query=ORDERBYnumber&sysparm_limit=5";

const CASES: Record<string, Case> = {
  "an administrator that reads incidents": {
    held: ["admin"],
    calls: () => [["GET", `/api/now/table/incident${LIST}`]],
    kept: [],
    added: ["sn_incident_read"],
  },
  "an administrator that changes incidents": {
    held: ["admin"],
    calls: () => [
      ["GET", `/api/now/table/incident${LIST}`],
      ["PATCH", `/api/now/table/incident/${incident}?sysparm_fields=number`, { urgency: "2" }],
      ["POST", "/api/now/table/incident?sysparm_fields=short_description", { short_description: "audited" }],
    ],
    kept: [],
    added: ["itil"],
  },
  "a fulfiller that reads incidents and problems": {
    held: ["itil", "personalize_dictionary"],
    calls: () => [
      ["GET", `/api/now/table/incident${LIST}`],
      ["GET", `/api/now/table/problem${LIST}`],
    ],
    kept: [],
    added: ["sn_incident_read", "sn_problem_read"],
  },
  "roles of several duties": {
    held: ["itil", "user_admin", "oauth_admin"],
    calls: () => [["GET", "/api/now/table/oauth_entity?sysparm_fields=name,client_id"]],
    kept: ["oauth_admin"],
    added: [],
  },
  "an administrator that reads the dictionary": {
    held: ["admin", "itil"],
    calls: () => [
      ["GET", "/api/now/table/sys_dictionary?sysparm_query=name=incident&sysparm_fields=element&sysparm_limit=3"],
      ["PATCH", `/api/now/table/incident/${incident}?sysparm_fields=number`, { impact: "2" }],
    ],
    kept: ["itil"],
    added: ["personalize_dictionary"],
  },
  "counting and attachments": {
    held: ["admin", "itil"],
    calls: () => [
      ["GET", "/api/now/stats/incident?sysparm_count=true&sysparm_query=active=true"],
      ["GET", `/api/now/attachment?sysparm_query=table_name=incident&sysparm_limit=1`],
      ["POST", `/api/now/attachment/file?table_name=incident&table_sys_id=${incident}&file_name=a.txt`, "text"],
    ],
    kept: ["itil"],
    added: [],
  },
  "calls in a batch": {
    held: ["admin"],
    calls: () => [
      [
        "POST",
        "/api/now/v1/batch",
        { batch_request_id: "1", rest_requests: [{ id: "1", method: "GET", url: `/api/now/table/problem${LIST}` }] },
      ],
    ],
    kept: [],
    added: ["sn_problem_read"],
  },
  "an import of users": {
    held: ["admin", "itil"],
    calls: () => [["POST", "/api/now/import/imp_user", { user_name: "imported.user", first_name: "Im" }]],
    kept: ["itil"],
    added: [],
    doubt: EMPTY_RULE,
  },
  "configuration items by their own API": {
    held: ["admin"],
    calls: () => [["GET", "/api/now/cmdb/instance/cmdb_ci_server?sysparm_limit=2"]],
    kept: [],
    added: ["itil"],
  },
  "an administrator of users that only reads them": {
    held: ["user_admin", "itil"],
    calls: () => [
      ["GET", "/api/now/table/sys_user?sysparm_fields=user_name&sysparm_limit=3&sysparm_query=ORDERBYuser_name"],
    ],
    kept: [],
    added: [],
    doubt: EMPTY_RULE,
  },
  "a field with a rule of its own": {
    held: ["admin"],
    calls: () => [["GET", "/api/now/table/problem?sysparm_fields=number,cause_notes&sysparm_limit=3"]],
    kept: [],
    added: ["audited_reader", "sn_problem_read"],
  },
  "every field, by a rule of any field": {
    held: ["admin"],
    calls: () => [["GET", "/api/now/table/change_request?sysparm_limit=3"]],
    kept: [],
    added: ["audited_reader", "sn_change_read"],
  },
};

test("the proposed roles keep every recorded call working", async () => {
  const [role] = await administer("POST", "sys_user_role", { name: "audited_reader" });
  roleIds.set("audited_reader", role?.sys_id ?? "");
  for (const name of ["problem.cause_notes", "change_request.*"]) {
    const rule = { name, type: "record", operation: "read", active: "true", admin_overrides: "true" };
    const [acl] = await administer("POST", "sys_security_acl", rule);
    await administer("POST", "sys_security_acl_role", { sys_security_acl: acl?.sys_id, sys_user_role: role?.sys_id });
  }
  const auth = { username: "practice.admin", password: "practice-admin-password" };
  const administrator = await connect({ url: practice.url, auth });
  for (const [name, { held, calls, kept, added, doubt }] of Object.entries(CASES)) {
    const user = `audited.${Object.keys(CASES).indexOf(name)}`;
    const account = {
      user_name: user,
      user_password: "account-password",
      web_service_access_only: "true",
      active: "true",
    };
    const [{ sys_id: id = "" } = {}] = await administer("POST", "sys_user", account);
    for (const one of held) await grant(id, one);
    const replies = [];
    for (const line of calls()) replies.push(await send(user, ...line));
    assert.ok(
      replies.every(({ status }) => status < 300),
      `${name}: ${replies.map(({ status, text }) => status + text)}`,
    );

    const recorded = traffic({ log: { entries: replies.map(({ entry }) => entry) } });
    const inventory = await readInventory(administrator, { name, user, method: "basic", tables: tablesOf(recorded) });
    const { proposal } = audit(inventory, recorded);
    assert.deepEqual(
      proposal?.doubts.filter((one) => !doubt?.test(one)),
      [],
      name,
    );
    assert.equal(proposal?.certain, doubt === undefined, name);
    const verdicts = (verdict: string) =>
      (proposal?.roles ?? []).flatMap((one) => (one.verdict === verdict ? one.role : []));
    assert.deepEqual(verdicts("keep"), kept, name);
    assert.deepEqual(
      proposal?.add.map((one) => one.role),
      added,
      name,
    );
    const removed = verdicts("remove");
    assert.ok(removed.length > 0, name);

    for (const one of removed) {
      const query = `user=${id}^role=${roleIds.get(one)}`;
      for (const { sys_id } of await administer(
        "GET",
        `sys_user_has_role?sysparm_query=${query}&sysparm_fields=sys_id`,
      ))
        await administer("DELETE", `sys_user_has_role/${sys_id}`);
    }
    for (const one of added) await grant(id, one);
    const again = [];
    for (const line of calls()) again.push(await send(user, ...line));
    for (const [place, { status, text }] of again.entries()) {
      const [method, path] = calls()[place] ?? [];
      assert.equal(status, replies[place]?.status, `${name}: ${method} ${path}: ${text}`);
      // The list of attachments has one more now.
      if (method === "GET" && !path?.includes("/attachment"))
        assert.equal(text, replies[place]?.text, `${name}: ${path}`);
      if (path?.includes("/batch")) assert.match(text, /"status_code":200/);
      if (path?.includes("/import/")) assert.match(text, /"status":"ignored"/);
    }
  }
  administrator.close();
});

test("without what is kept a recorded call is refused", async () => {
  const [{ sys_id: id = "" } = {}] = await administer("POST", "sys_user", {
    user_name: "audited.none",
    user_password: "account-password",
    web_service_access_only: "true",
    active: "true",
  });
  const path = `/api/now/table/incident${LIST}`;
  assert.equal((await send("audited.none", "GET", path)).status, 403);
  await grant(id, "sn_incident_read");
  assert.equal((await send("audited.none", "GET", path)).status, 200);
});
