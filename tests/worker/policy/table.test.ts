import { test } from "node:test";
import { decider, passes, refuses } from "./deciding.ts";

const INCIDENTS = "/api/now/table/incident";

test("table that is not named is refused", () => {
  const decide = decider({ tables: { incident: {} } });
  passes(decide(`GET ${INCIDENTS}`), INCIDENTS);
  passes(decide(`HEAD ${INCIDENTS}?sysparm_limit=1`));
  refuses(decide("GET /api/now/table/sys_user"), "policy.table", "`sys_user`");
  refuses(decide("GET /api/now/v2/table/sys_user?sysparm_limit=1"), "policy.table");
  refuses(decide("GET /api/now/table/INCIDENT"), "policy.table");
  refuses(decide("GET /api/now/table"), "policy.table");
  refuses(decider({})(`GET ${INCIDENTS}`), "policy.table", "Allowed tables: none");
});

test("reads alone are allowed unless methods are named", () => {
  const reading = decider({ tables: { incident: {} } });
  for (const method of ["POST", "PATCH", "PUT", "DELETE", "OPTIONS", "get", "TRACE"]) {
    refuses(reading(`${method} ${INCIDENTS}/1`, { body: {} }), "policy.method", method);
  }
  const writing = decider({ tables: { incident: { methods: ["GET", "PATCH"] } } });
  passes(writing(`PATCH ${INCIDENTS}/1`, { body: { state: "2" } }));
  refuses(writing(`DELETE ${INCIDENTS}/1`), "policy.method", "GET, PATCH");
});

test("second method in a header is refused", () => {
  const decide = decider({ tables: { incident: { methods: ["GET", "POST"] } } });
  const asked = { headers: { "X-HTTP-Method-Override": "DELETE" }, body: {} };
  refuses(decide(`POST ${INCIDENTS}`, asked), "policy.header", "x-http-method-override");
});

test("beginning of a name allows the tables behind it", () => {
  const decide = decider({ tables: { "x_acme_*": {}, "x_acme_secret_*": { fields: ["number"] } } });
  passes(decide("GET /api/now/table/x_acme_order?sysparm_fields=total"));
  refuses(decide("GET /api/now/table/x_acme"), "policy.table");
  refuses(decide("GET /api/now/table/x_acm_order"), "policy.table");
  refuses(decide("GET /api/now/table/x_acme_secret_key?sysparm_fields=total"), "policy.field", "`total`");
});

test("spelling of a table does not choose another rule", () => {
  const decide = decider({ tables: { "x_acme_*": {}, x_acme_secret: { fields: ["number"] } } });
  passes(decide("GET /api/now/table/x_acme_order"));
  for (const name of ["x_acme_Secret", "x_acme_secret.", "x_acme_secret~", "x_acme_SECRET"])
    refuses(decide(`GET /api/now/table/${name}`), "policy.table");
});

test("readable fields are added to a request that names none", () => {
  const decide = decider({
    tables: { incident: { methods: ["GET", "POST", "DELETE"], fields: ["number", "caller_id.name"] } },
  });
  const added = "sysparm_fields=number,caller_id.name";
  passes(decide(`GET ${INCIDENTS}`), `${INCIDENTS}?${added}`);
  passes(decide(`GET ${INCIDENTS}?`), `${INCIDENTS}?${added}`);
  passes(decide(`GET ${INCIDENTS}?sysparm_limit=1&`), `${INCIDENTS}?sysparm_limit=1&${added}`);
  passes(decide(`GET ${INCIDENTS}/abc?sysparm_no_count=true`), `${INCIDENTS}/abc?sysparm_no_count=true&${added}`);
  passes(decide(`POST ${INCIDENTS}`, { body: { number: "1" } }), `${INCIDENTS}?${added}`);
  passes(decide(`DELETE ${INCIDENTS}/abc`), `${INCIDENTS}/abc`);
  passes(decide(`GET ${INCIDENTS}?sysparm_fields=number, caller_id.name`.replace(" c", "%20c")));
});

test("field that is not readable is refused by name", () => {
  const decide = decider({ tables: { incident: { fields: ["number", "state"] } } });
  refuses(decide(`GET ${INCIDENTS}?sysparm_fields=number,u_secret`), "policy.field", "`u_secret`");
  refuses(decide(`GET ${INCIDENTS}?sysparm_fields=STATE`), "policy.field", "`STATE`");
  for (const nothing of ["", ",", "number,", "%20", "*", "number%0a"]) {
    refuses(decide(`GET ${INCIDENTS}?sysparm_fields=${nothing}`), "policy.parameter");
  }
});

test("field behind a reference passes only when it is named", () => {
  const own = decider({ tables: { incident: {} } });
  refuses(own(`GET ${INCIDENTS}?sysparm_fields=caller_id.email`), "policy.field", "leads to another table");
  refuses(own(`GET ${INCIDENTS}?sysparm_query=caller_id.emailLIKEa`), "policy.condition", "`caller_id.email`");
  refuses(own(`GET ${INCIDENTS}?sysparm_query=ORDERBYcaller_id.email`), "policy.condition");
  const named = decider({ tables: { incident: { fields: ["*", "caller_id.email"] } } });
  passes(named(`GET ${INCIDENTS}?sysparm_fields=number,caller_id.email&sysparm_query=caller_id.emailLIKEa`));
  refuses(named(`GET ${INCIDENTS}?sysparm_fields=caller_id.manager.email`), "policy.field");
});

test("conditions and orders may use the readable fields", () => {
  const decide = decider({ tables: { incident: { fields: ["number", "state"] } } });
  passes(decide(`GET ${INCIDENTS}?sysparm_fields=number&sysparm_query=state=1^ORDERBYDESCnumber`));
  for (const query of [
    "u_secretSTARTSWITHa",
    "state=1^u_secret=1",
    "state=1^ORu_secret=1",
    "state=1^NQu_secret=1",
    "ORDERBYu_secret",
  ]) {
    refuses(decide(`GET ${INCIDENTS}?sysparm_query=${query}`), "policy.condition", "`u_secret`");
  }
});

test("conditions can be narrower than readable fields", () => {
  const decide = decider({ tables: { incident: { conditions: ["sys_id"] } } });
  passes(decide(`GET ${INCIDENTS}?sysparm_query=sys_id>a^ORDERBYsys_id`));
  refuses(decide(`GET ${INCIDENTS}?sysparm_query=active=true`), "policy.condition", "sys_id");
  const none = decider({ tables: { incident: { conditions: [] } } });
  refuses(none(`GET ${INCIDENTS}?sysparm_query=active=true`), "policy.condition");
  passes(none(`GET ${INCIDENTS}?sysparm_query=`));
});

test("condition in a parameter of its own needs a named field", () => {
  const decide = decider({ tables: { incident: { conditions: ["*", "state"] } } });
  passes(decide(`GET ${INCIDENTS}?state=1`));
  refuses(decide(`GET ${INCIDENTS}?active=true`), "policy.parameter", "`active`");
  refuses(decide(`GET ${INCIDENTS}?state=1%5EORu_secret=2`), "policy.parameter");
});

test("condition in a parameter of its own is refused on a write", () => {
  const methods = ["GET", "PATCH", "DELETE"];
  const decide = decider({ tables: { incident: { methods, fields: ["*", "state"], writable: ["*"] } } });
  passes(decide("GET /api/now/table/incident/1?state=7"));
  refuses(decide("PATCH /api/now/table/incident/1?state=7", { body: {} }), "policy.parameter", "`state`");
  refuses(decide("DELETE /api/now/table/incident/1?state=7"), "policy.parameter", "`state`");
});

test("parameter may have no value, and separators may be doubled", () => {
  const decide = decider({ tables: { incident: {} } });
  for (const query of [
    "sysparm_no_count",
    "sysparm_no_count&sysparm_limit=1",
    "sysparm_limit=1&sysparm_no_count",
    "&&sysparm_limit=1&&",
    "sysparm_query",
  ]) {
    passes(decide(`GET ${INCIDENTS}?${query}`), `${INCIDENTS}?${query}`);
  }
  refuses(decide(`GET ${INCIDENTS}?sysparm_limit`), "policy.parameter", "`sysparm_limit`");
  refuses(
    decide(`GET ${INCIDENTS}?sysparm_no_count=a&sysparm_limit&sysparm_fields=b`),
    "policy.parameter",
    "`sysparm_limit`",
  );
});

test("rows are capped", () => {
  const decide = decider({ maxRows: 100, tables: { incident: {}, problem: { maxRows: 5 } } });
  passes(decide(`GET ${INCIDENTS}`), `${INCIDENTS}?sysparm_limit=100`);
  passes(decide("GET /api/now/table/problem"), "/api/now/table/problem?sysparm_limit=5");
  passes(decide(`GET ${INCIDENTS}?sysparm_limit=100`), `${INCIDENTS}?sysparm_limit=100`);
  passes(decide(`GET ${INCIDENTS}/abc`), `${INCIDENTS}/abc`);
  refuses(decide(`GET ${INCIDENTS}?sysparm_limit=101`), "policy.rows", "1 to 100");
  // Whether zero means "no limit" is not documented.
  refuses(decide(`GET ${INCIDENTS}?sysparm_limit=0`), "policy.rows");
  for (const limit of ["", "-1", "1e3", "0x10", "010", "%31%30%30%30 ", "1,000", "٣"]) {
    refuses(decide(`GET ${INCIDENTS}?sysparm_limit=${encodeURI(limit)}`), "policy.parameter");
  }
});

test("fields and rows are added together, and pass again", () => {
  const decide = decider({ tables: { incident: { fields: ["number"], maxRows: 3 } } });
  const target = `${INCIDENTS}?sysparm_fields=number&sysparm_limit=3`;
  passes(decide(`GET ${INCIDENTS}`), target);
  passes(decide(`GET ${target}`), target);
});

test("address that becomes too long is refused", () => {
  const decide = decider({ tables: { incident: { fields: ["number"] } } });
  const asked = `GET ${INCIDENTS}?sysparm_query=number=`;
  const most = 16_384 - `${asked}&sysparm_fields=number`.length + "GET ".length;
  passes(decide(asked + "1".repeat(most)));
  refuses(decide(asked + "1".repeat(most + 1)), "policy.too-long", "16384");
});

test("bytes are capped by table, else by policy", () => {
  const decide = decider({ maxBytes: 1000, tables: { incident: {}, problem: { maxBytes: 5 } } });
  const bytes = (request: string) => (decide(request) as { maxBytes?: number }).maxBytes;
  if (bytes(`GET ${INCIDENTS}`) !== 1000 || bytes("GET /api/now/table/problem") !== 5) throw new Error("wrong cap");
});

test("display values, views and text search pass only when allowed", () => {
  const plain = decider({ tables: { incident: {} } });
  passes(plain(`GET ${INCIDENTS}?sysparm_display_value=false&sysparm_exclude_reference_link=true`));
  for (const value of ["true", "all"])
    refuses(plain(`GET ${INCIDENTS}?sysparm_display_value=${value}`), "policy.display-value");
  refuses(plain(`GET ${INCIDENTS}?sysparm_display_value=TRUE`), "policy.parameter");
  refuses(plain(`GET ${INCIDENTS}?sysparm_view=ess`), "policy.view", "`ess`");
  refuses(plain(`GET ${INCIDENTS}?sysparm_view=`), "policy.view");
  refuses(plain(`GET ${INCIDENTS}?sysparm_query=123TEXTQUERY321=email`), "policy.text-search");
  const open = decider({ tables: { incident: { displayValues: true, views: ["ess"], textSearch: true } } });
  passes(open(`GET ${INCIDENTS}?sysparm_display_value=all&sysparm_view=ess&sysparm_query=123TEXTQUERY321=email`));
  refuses(open(`GET ${INCIDENTS}?sysparm_view=ESS`), "policy.view");
});

test("writes may set the writable fields", () => {
  const decide = decider({
    tables: {
      incident: { methods: ["POST", "PATCH"], fields: ["number", "caller_id.name"], writable: ["state", "work_notes"] },
    },
  });
  passes(decide(`PATCH ${INCIDENTS}/1`, { body: { state: 2, work_notes: "done" } }));
  refuses(decide(`PATCH ${INCIDENTS}/1`, { body: { state: 2, assigned_to: "x" } }), "policy.write", "`assigned_to`");
  refuses(decide(`POST ${INCIDENTS}`, { body: { number: "1" } }), "policy.write", "`number`");
  refuses(decide(`POST ${INCIDENTS}`, { body: [{ state: 1 }] }), "policy.body");
  refuses(decide(`POST ${INCIDENTS}`, { body: { state: { value: 1 } } }), "policy.body", "`state`");
  refuses(decide(`POST ${INCIDENTS}`, { body: '{"state":1,"sta\\u0074e":2}' }), "policy.body", "twice");
  refuses(decide(`POST ${INCIDENTS}`, { body: "\ufeff{}" }), "policy.body");
  refuses(decide(`POST ${INCIDENTS}`, { body: "{'state':1}" }), "policy.body");
  refuses(decide(`POST ${INCIDENTS}`), "policy.body");
  refuses(
    decide(`POST ${INCIDENTS}`, { body: "<request/>", headers: { "content-type": "application/xml" } }),
    "policy.body",
  );
});

test("readable own fields are the writable ones unless given", () => {
  const decide = decider({ tables: { incident: { methods: ["PATCH"], fields: ["state", "caller_id.name"] } } });
  passes(decide(`PATCH ${INCIDENTS}/1`, { body: { state: 2 } }));
  refuses(decide(`PATCH ${INCIDENTS}/1`, { body: { "caller_id.name": "x" } }), "policy.write");
});

test("form body is refused: servers take parameters from it", () => {
  const decide = decider({ tables: { incident: { methods: ["POST"] } } });
  const form = {
    body: "sysparm_fields=caller_id.email",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  };
  refuses(decide(`POST ${INCIDENTS}`, form), "policy.header", "Content-Type");
  for (const type of [
    "application/json;, application/x-www-form-urlencoded",
    "application/json, text/plain",
    "",
    "text/json",
  ]) {
    refuses(decide(`POST ${INCIDENTS}`, { body: "{}", headers: { "content-type": type } }), "policy.header");
  }
  const deleting = decider({ tables: { incident: { methods: ["DELETE"] } } });
  passes(deleting(`DELETE ${INCIDENTS}/1`));
  passes(deleting(`DELETE ${INCIDENTS}/1`, { headers: { "content-type": "application/json" } }));
  refuses(deleting(`DELETE ${INCIDENTS}/1`, form), "policy.header");
  passes(decide(`POST ${INCIDENTS}`, { body: "<request/>", headers: { "content-type": "text/xml; charset=utf-8" } }));
});

test("path that the Table API does not have is refused", () => {
  const decide = decider({ tables: { incident: { methods: ["GET", "POST", "PATCH", "PUT", "DELETE"] } } });
  passes(decide(`GET ${INCIDENTS}/${"a".repeat(64)}`));
  for (const request of [
    `GET ${INCIDENTS}/${"a".repeat(65)}`,
    `GET ${INCIDENTS}/a.b`,
    `PATCH ${INCIDENTS}`,
    `PUT ${INCIDENTS}`,
    `GET ${INCIDENTS}/1/x`,
    `GET ${INCIDENTS}/`,
    `GET ${INCIDENTS}/%41`,
    "GET /api/now/table/incid%65nt",
    "GET /api/now/v1/v1/table/incident",
    `DELETE ${INCIDENTS}`,
    `POST ${INCIDENTS}/1`,
    "GET /incident_list.do?JSONv2",
  ]) {
    refuses(decide(request, { body: {} }), "policy.path");
  }
});
