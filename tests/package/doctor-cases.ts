/** What the package promises of the doctor; these run with the cases of the package. */
import type { ExamineOptions, Finding } from "sysparm/doctor";
import { type Case, is, type World, whereNoRowIsHidden } from "./cases.js";
import { IN_PAGE } from "./page-cases.js";

const AUTH = { grant: "client_credentials", clientId: "practice-client", clientSecret: "practice-secret" } as const;
const ADMINISTRATOR = { username: "practice.admin", password: "practice-admin-password" };

/** A named state of the instance for as long as the case lasts. */
function inScenario(name: string, test: Case): Case {
  return whereNoRowIsHidden(async (world) => {
    await world.control("scenario", { name });
    try {
      await test(world);
    } finally {
      await world.control("reset", {});
    }
  });
}

async function firstCause({ doctor, url }: World, options: Partial<ExamineOptions> = {}): Promise<string> {
  const { causes } = await doctor.examine({ url, auth: AUTH, ...options }).report();
  return causes[0]?.code ?? "";
}

export const DOCTOR_CASES: Record<string, Case> = {
  "working instance is examined and nothing is found wrong": whereNoRowIsHidden(async ({ doctor, url }) => {
    const report = await doctor
      .examine({ url, auth: AUTH, administrator: ADMINISTRATOR, roles: ["ITSM"], table: "incident" })
      .report();
    is(report.causes.map(({ code }) => code).join(), "");
    is(report.instance, url);
    is(report.requests > 10 && report.requests <= 60, true);
    const state = (code: string) => report.findings.find((finding) => finding.code === code)?.state;
    for (const code of ["reach", "token", "api.table", "client.record", "user.state", "user.roles"])
      is(`${code} ${state(code)}`, `${code} passed`);
    is(report.guide.steps.length > 5, true);
    is(report.markdown.includes("Nothing was found wrong"), true);
  }),

  "findings come one by one, and unknown is never a pass": whereNoRowIsHidden(async ({ doctor, url }) => {
    const examination = doctor.examine({ url, auth: AUTH });
    const findings: Finding[] = [];
    for await (const finding of examination) {
      findings.push(finding);
      if (finding.code === "token") break;
    }
    is(findings.at(-1)?.state, "passed");
    // Read again it begins with the first, and goes on where it stopped.
    const all: Finding[] = [];
    for await (const finding of examination) all.push(finding);
    is(all[0]?.code, findings[0]?.code);
    const record = all.find(({ code }) => code === "client.record");
    is(record?.state, "unknown");
    is(record?.needs?.includes("oauth_admin"), true);
    is((await examination.report()).findings.length, all.length);
  }),

  "record that refuses a token is named without secrets": inScenario(
    "client-credentials-off",
    async ({ doctor, url, control }) => {
      const report = await doctor.examine({ url, auth: AUTH, administrator: ADMINISTRATOR }).report();
      is(report.causes[0]?.code, "oauth.grant-off");
      is(report.causes[0]?.proven, true);
      is(report.causes[0]?.change?.table, "sys_properties");
      const reported = JSON.stringify(report);
      is(/practice-secret|practice-admin-password/.test(reported), false);
      const { requests } = (await control("journal")) as {
        requests: { method: string; path: string; query: string }[];
      };
      for (const { method, path, query } of requests) {
        is(path.startsWith("/__practice") || method !== "POST" || path === "/oauth_token.do", true);
        is(/practice-(secret|admin-password)/.test(query), false);
      }
    },
  ),

  "release that issues guest tokens is recognized": inScenario("token-of-guest", async (world) => {
    // A page may not read stats.do: there the administrator's properties say which release it is, or the caller does.
    is(await firstCause(world, IN_PAGE ? { release: "vancouver" } : {}), "oauth.token-of-guest");
  }),

  "hibernating instance differs from an unreachable one": async (world) => {
    await world.control("switches", { hibernating: true });
    const asleep = await firstCause(world);
    await world.control("switches", { hibernating: false });
    // A page may read it at the token endpoint, which sends its own leave.
    is(asleep, "instance.developer-asleep");
    const nowhere = () => Promise.reject(new TypeError("fetch failed"));
    is(await firstCause(world, { fetch: nowhere }), "network.down");
  },

  "CORS fault of the API differs from one of the token endpoint": whereNoRowIsHidden(async (world) => {
    const origin = IN_PAGE ? {} : { origin: "http://localhost:5173" };
    await world.control("switches", { cors: false });
    const api = await firstCause(world, origin);
    await world.control("switches", { cors: true, oauth_cors_origin: "" });
    const token = await firstCause(world, origin);
    await world.control("switches", { oauth_cors_origin: "loopback" });
    is(`${api} ${token}`, "cors.api cors.token-endpoint");
  }),

  "examination ends with its signal and names invalid options": async ({ doctor, url }) => {
    const controller = new AbortController();
    const examination = doctor.examine({ url, auth: AUTH, signal: controller.signal });
    const reason = new Error("changed my mind");
    controller.abort(reason);
    is(await examination.report().catch((thrown: unknown) => thrown), reason);
    is(await examination.report().catch((thrown: unknown) => thrown), reason);
    const wrong = (given: object) =>
      (async () => doctor.examine({ url, auth: AUTH, ...given } as ExamineOptions).report())().then(
        () => "nothing was thrown",
        (thrown: unknown) => `${(thrown as Error).name} ${(thrown as Error).message}`,
      );
    is(
      (await wrong({ colour: 1 })).startsWith("RequestError Unknown option `colour`. Supported options: url, auth,"),
      true,
    );
    is((await wrong({ url: "ftp://x" })).startsWith("RequestError Invalid option `url`:"), true);
    is((await wrong({ auth: { grant: "magic", clientId: "x" } })).startsWith("RequestError "), true);
    is((await wrong({ table: "incident?x" })).startsWith("RequestError Invalid option `table`:"), true);
    is(
      (await wrong({ limits: { requests: 0 } })).startsWith("RequestError Invalid option `limits.requests`: pass"),
      true,
    );
  },
};
