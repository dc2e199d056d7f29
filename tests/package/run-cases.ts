/** Runs cases one after the other against one practice instance, and reports them by name. */
import * as sysparm from "sysparm";
import * as doctor from "sysparm/doctor";
import * as queries from "sysparm/query";
import * as syncs from "sysparm/sync";
import { AUTH, PARTS, type World } from "./cases.js";

export type Part = keyof typeof PARTS;

export interface Report {
  passed: string[];
  failed: { name: string; reason: string }[];
}

export async function run(
  url: string,
  part: Part,
  connect = sysparm.connect,
  isWanted = (_name: string) => true,
): Promise<Report> {
  const report: Report = { passed: [], failed: [] };
  const world = worldOf(url, connect);
  const { switches } = await world.control("state");
  let before = await kept(world);
  for (const [name, test] of Object.entries(PARTS[part])) {
    if (!isWanted(name)) continue;
    const reasons: string[] = [];
    try {
      await test(world);
    } catch (thrown) {
      reasons.push(String(thrown), (thrown as Error | undefined)?.stack ?? "");
    }
    const after = await kept(world);
    if (after !== before) {
      reasons.push(`the case left the instance changed: it was ${before}, and is ${after}`);
      await world.control("switches", switches);
      before = await kept(world);
    }
    if (reasons.length === 0) report.passed.push(name);
    else report.failed.push({ name, reason: reasons.join("\n") });
  }
  return report;
}

/** What later cases count on, so each case leaves it as it was. */
async function kept({ control }: World): Promise<string> {
  const { tables, switches, revoke_after } = await control("state");
  return JSON.stringify({ incidents: (tables as { incident: number }).incident, revoke_after, switches });
}

function worldOf(url: string, connect: typeof sysparm.connect): World {
  return {
    sysparm: { ...sysparm, connect },
    queries,
    syncs,
    doctor,
    url,
    async control(path, body) {
      const post = { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
      const reply = await fetch(`${url}/__practice/${path}`, body === undefined ? {} : post);
      if (!reply.ok) throw new Error(`/__practice/${path} answered ${reply.status}`);
      return (await reply.json()) as Record<string, unknown>;
    },
    open: (options) => connect({ url, auth: AUTH, ...options }),
    async thrown(act) {
      try {
        await act();
      } catch (thrown) {
        if (thrown instanceof sysparm.SysparmError) return thrown;
        throw thrown;
      }
      throw new Error("nothing was thrown");
    },
  };
}
