/** Random requests, of what callers send and of what attackers try. */

import type { Choices } from "./choices.ts";
import { FIELDS, METHODS, type Names } from "./generated-policies.ts";
import { queryBy } from "./generated-queries.ts";
import type { Received } from "./lenient-server.ts";

type Parameter = readonly [name: string, value: string];

const fieldsBy = (choices: Choices, { fields }: Names) =>
  [choices.of(fields), ...choices.list(2, () => choices.of(fields))].join(",");

function unusualParameterBy(choices: Choices): Parameter {
  return choices.of<Parameter>([
    ["sysparm_fields", choices.of(["", ",", "*", " ", "number,"])],
    ["sysparm_limit", choices.of(["0", "-1", "x", "010", "1e9"])],
    ["sysparm_display_value", choices.of(["TRUE", "yes"])],
    ["sysparm_view", choices.of(["ESS", "", "mobile"])],
    [choices.of(FIELDS), choices.of(["1", "1^u_secret=2", "javascript:x()"])],
    [
      choices.of(["sysparm_tiny", "sysparm_query_no_domain", "_method", "JSONv2", "sysparm_action"]),
      choices.of(["1", "DELETE", ""]),
    ],
  ]);
}

function ordinaryParameterBy(choices: Choices, names: Names, api: string): Parameter {
  const query: Parameter = ["sysparm_query", queryBy(choices, names)];
  if (api === "attachment") return choices.of<Parameter>([query, query, ["sysparm_limit", "5"]]);
  if (api === "file") return [choices.of(["table_name", "table_sys_id", "file_name"]), choices.of(names.tables)];
  if (api === "stats") {
    return choices.of<Parameter>([
      query,
      ["sysparm_count", "true"],
      [choices.of(["sysparm_group_by", "sysparm_avg_fields", "sysparm_max_fields"]), fieldsBy(choices, names)],
      [
        "sysparm_having",
        `count^${choices.of(names.fields)}^>^3${choices.oneIn(3) ? `,sum^${choices.of(FIELDS)}^>^1` : ""}`,
      ],
      [
        "sysparm_order_by",
        choices.of([`AVG^${choices.of(names.fields)}`, `${choices.of(names.fields)}^DESC`, "COUNT"]),
      ],
    ]);
  }
  return choices.of<Parameter>([
    query,
    query,
    ["sysparm_fields", fieldsBy(choices, names)],
    ["sysparm_fields", fieldsBy(choices, names)],
    ["sysparm_limit", choices.of(["1", "5", "30"])],
    ["sysparm_display_value", choices.of(["true", "false", "all"])],
    ["sysparm_view", "ess"],
    ["sysparm_no_count", "true"],
    [choices.of(names.fields), "3"],
  ]);
}

/** A value as differing clients encode it. */
function encodedBy(choices: Choices, value: string): string {
  const once = encodeURIComponent(value);
  const spelled = [...value].map((letter) =>
    /\w/.test(letter) ? `%${letter.charCodeAt(0).toString(16)}` : encodeURIComponent(letter),
  );
  const bare = value.replace(/[^\x21\x22\x24-\x5b\x5d-\x7e]/g, encodeURIComponent);
  return choices.either(
    [once, once, once.replaceAll("%20", "+")],
    [encodeURIComponent(once), bare, spelled.join(""), `${once}%0a`, `${once}%ff`],
  );
}

/** The name of a parameter, sometimes spelt so that only some servers know it. */
function spelt(choices: Choices, name: string): string {
  const others = [
    name.toUpperCase(),
    name.replace("_", "%5F"),
    `${name}[]`,
    `+${name}`,
    `${name}%20`,
    `%73${name.slice(1)}`,
  ];
  return choices.either([name], others);
}

/** A batch must name fields and rows itself, because nothing is added to its requests. */
function queryStringBy(choices: Choices, names: Names, api: string, needsAll: boolean): string {
  if (needsAll && choices.oneIn(2)) return `?sysparm_fields=${fieldsBy(choices, names)}&sysparm_limit=1`;
  const make = () =>
    choices.either([() => ordinaryParameterBy(choices, names, api)], [() => unusualParameterBy(choices)])();
  const parameters = choices
    .list(3, make)
    .map(([name, value]) => `${spelt(choices, name)}=${encodedBy(choices, value)}`);
  const text = parameters.join(choices.either(["&"], [";", "&&", "%26"]));
  return text === "" ? choices.of(["", "?"]) : `?${text}${choices.of(["", "", "", "&"])}`;
}

function pathBy(choices: Choices, names: Names, api: string, hasRecord: boolean): string {
  const table = api === "import" ? "imp_user" : choices.of(names.tables);
  const version = choices.either(["", "", "", "v1/", "v2/"], ["V1/", "v1/v1/"]);
  if (api === "file") return `/api/now/${version}attachment/file`;
  if (api === "attachment")
    return `/api/now/${version}attachment${choices.either(["", "", "/1/file", "/1"], ["/upload", "/1/file/x"])}`;
  if (api === "other") {
    const named = ["/api/x_acme/orders", "/api/x_acme/orders/7", "/api/x_acme/orders/admin/1", "/api/now/graphql"];
    return choices.either(named, [
      "/api/x_acme/orders/%61dmin/1",
      "/api/x_acme/orders/Admin",
      "/api/x_acme/orders2",
      "/api/now/ui/meta/sys_user",
      "/api/NOW/table/sys_user",
      "/api/now/Table/sys_user",
    ]);
  }
  const path = `/api/now/${version}${api}/${table}${hasRecord ? choices.either(["/abc123"], ["/insertMultiple", "/a/b", "/a%2fb", "/"]) : ""}`;
  const unusual = [
    path.replace("table", "t%61ble"),
    path.toUpperCase(),
    path.replace("now/", "now/x/../"),
    `${path};x=1`,
    `/${path}`,
    path.replace("incident", "incident%20"),
  ];
  return choices.either([path], unusual);
}

function bodyBy(choices: Choices, names: Names): string {
  const value = () => choices.either(['"1"', "1", "null"], ["{}", '{"value":"1"}']);
  const members = choices.list(3, () => `"${choices.either(names.fields, ["\\u0073tate", "U_SECRET"])}":${value()}`);
  const whole = `{${members.join(",")}}`;
  return choices.either(
    [whole],
    ["[]", "{", "sysparm_fields=u_secret", '{"records":[{"u_secret":"1"}]}', `[${whole}]`],
  );
}

function batchBy(choices: Choices, names: Names): string {
  const items = choices.list(2, () => {
    const { method, target, headers, body } = singleBy(choices, names, true);
    const encoded = body === undefined ? {} : { body: btoa(body) };
    const fields = headers.map(([name, value]) => ({ name, value }));
    const text = JSON.stringify({ id: "1", method, url: target, headers: fields, ...encoded });
    const second = `{"url":"/api/now/table/sys_user",${text.slice(1)}`;
    return choices.either([text], [second, second.replace("url", "URL"), text.replace("url", "\\u0075rl")]);
  });
  const list = `"rest_requests":[${items.join(",")}]`;
  return choices.either([`{"batch_request_id":"1",${list}}`], [`{"rest_requests":[],${list}}`, `[{${list}}]`]);
}

function singleBy(choices: Choices, names: Names, insideBatch: boolean): Received {
  const api = choices.of(["table", "table", "table", "table", "stats", "import", "attachment", "file", "other"]);
  const posts = api === "import" || api === "file";
  const method = choices.either(
    [posts ? "POST" : "GET", posts ? "POST" : "GET", choices.of(METHODS)],
    ["HEAD", "get", "OPTIONS"],
  );
  const hasRecord = method === "GET" ? choices.oneIn(3) : method !== "POST";
  const writes =
    method === "POST" || method === "PUT" || method === "PATCH" || (method === "DELETE" && choices.oneIn(3));
  const form = ["application/x-www-form-urlencoded", "text/plain", "application/xml", "multipart/form-data"];
  const headers: [string, string][] = writes ? [["Content-Type", choices.either(["application/json"], form)]] : [];
  const unusual: [string, string][] = [
    [choices.of(["X-HTTP-Method-Override", "x-http-method", "Cookie"]), choices.of(["DELETE", "PATCH"])],
  ];
  headers.push(...choices.either([[]], [unusual]));
  return {
    method,
    target: pathBy(choices, names, api, hasRecord) + queryStringBy(choices, names, api, insideBatch),
    headers,
    body: writes ? bodyBy(choices, names) : undefined,
  };
}

/** A request as it would arrive. */
export function requestBy(choices: Choices, names: Names): Received {
  if (!choices.oneIn(8)) return singleBy(choices, names, false);
  const target = choices.of(["/api/now/batch", "/api/now/v1/batch"]);
  return { method: "POST", target, headers: [["Content-Type", "application/json"]], body: batchBy(choices, names) };
}
