/** Recorded calls of the integration of audited-inventory.ts. */
import type { Traffic } from "sysparm/environments";
import { traffic } from "../../www/glue/src/environments/audit/traffic/index.js";
import { NOW } from "./audited-inventory.js";

export const ID = "0123456789abcdef0123456789abcdef";
export const DAY = 86_400_000;

/** Lines such as "GET incident". */
export function calls(...lines: string[]): Traffic {
  const one = (line: string) => {
    const [method = "", table = "", status = "200"] = line.split(" ");
    const path = `/api/now/table/${table}${/^(PATCH|DELETE)$/.test(method) ? `/${ID}` : ""}`;
    return { method, path: `${path}?sysparm_fields=number`, status: Number(status), at: NOW - DAY, user: "acme.sync" };
  };
  return traffic(lines.map(one));
}
