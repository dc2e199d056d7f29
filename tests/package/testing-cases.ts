/** The practice instance in memory: what an application's own tests find in it. */
import { practiceInstance } from "sysparm/testing";
import { type Case, is } from "./cases.js";

const QUICK = { pace: { attempts: 1 } } as const;

export const TESTING_CASES: Record<string, Case> = {
  "practice instance in memory is read to its last row": async ({ sysparm }) => {
    const practice = await practiceInstance({ rows: 120, switches: { hidden: 0.1 } });
    const instance = await sysparm.connect(practice.connection);
    const numbers = new Set<unknown>();
    let hidden: number | null = 0;
    for await (const page of instance.table("incident").pages({ pageSize: 50 })) {
      for (const row of page.rows) numbers.add(row.number);
      ({ hidden } = page);
    }
    is(`${numbers.size + Number(hidden)} ${Number(hidden) > 0}`, "120 true");
    const requests = practice.journal();
    is(requests.filter(({ path }) => path === "/oauth_token.do").length, 1);
    const reads = requests.filter(({ path }) => path === "/api/now/table/incident");
    is(
      `${reads.length >= 3} ${reads.every(({ status, user }) => status === 200 && user === "practice.integration")}`,
      "true true",
    );
    await instance.close();
  },

  "practice instances in memory are independent": async ({ sysparm }) => {
    const [one, other] = await Promise.all([practiceInstance({ rows: 3 }), practiceInstance({ rows: 3 })]);
    const instance = await sysparm.connect(one.connection);
    const { sys_id } = await instance.table("incident").create({ short_description: "printer on fire" });
    is(await instance.table("incident").count(), 4);
    const elsewhere = await sysparm.connect(other.connection);
    is(await elsewhere.table("incident").count(), 3);
    one.reset();
    is((await fetchStatus(one, `/api/now/table/incident/${sys_id}`)).status, 401);
    is(await instance.table("incident").count(), 3);
    await Promise.all([instance.close(), elsewhere.close()]);
  },

  "practice instance in memory fails as it is asked to": async ({ sysparm, thrown }) => {
    const practice = await practiceInstance({ rows: 3, scenario: "client-credentials-off" });
    const instance = await sysparm.connect({ ...practice.connection, ...QUICK });
    const refused = await thrown(() => instance.table("incident").count());
    is(`${refused.name} ${refused.status}`, "AuthenticationError 401");
    await instance.close();

    practice.reset();
    const again = await sysparm.connect({ ...practice.connection, ...QUICK });
    const path = "/api/now/table";
    const codes: string[] = [];
    for (const kind of ["drop", "truncate", { wire: { form: "two_lengths" } }, { status: { status: 503 } }]) {
      practice.switches({ faults: [{ path, kind }] });
      const { code, cause } = await thrown(() => again.table("incident").get("0".repeat(32)));
      codes.push(code);
      is(String(cause).includes("[redacted]"), false);
    }
    is(codes.join(), "network.unreachable,network.unreachable,network.unreachable,instance.unavailable");
    practice.switches({ faults: [] });
    practice.revokeTokens();
    is(await again.table("incident").count(), 3);
    await again.close();
  },

  "practice instance in memory follows the clock it is given": async ({ sysparm }) => {
    let now = Date.UTC(2026, 0, 1);
    const practice = await practiceInstance({ rows: 1, now: () => now, switches: { token_lifetime: 60 } });
    const instance = await sysparm.connect(practice.connection);
    const token = await instance.token();
    const answer = () =>
      fetchStatus(practice, "/api/now/table/incident?sysparm_limit=1", { Authorization: `Bearer ${token}` });
    const first = await answer();
    is(`${first.status} ${first.headers.get("date")}`, "200 Thu, 01 Jan 2026 00:00:00 GMT");
    now += 61_000;
    is((await answer()).status, 401);
    await instance.close();
  },

  "practice instance in memory refuses what it does not know": async ({ thrown }) => {
    const given = (options: unknown) => thrown(() => practiceInstance(options as never));
    is(
      (await given({ row: 1 })).message,
      "Unknown option `row`. Supported options: now, release, rows, scenario, seed, switches.",
    );
    is((await given({ rows: -1 })).message, "Invalid option `rows`: -1. Pass a whole number from 0 to 1000000.");
    is((await given({ scenario: "none" })).message.startsWith("Unknown scenario `none`. Supported scenarios: "), true);
    const release = await given({ release: "none" });
    is(release.code, "options.type");
    is(/^Invalid option `release` or `switches`: `none`\. Pass \w+, .*brazil\.$/.test(release.message), true);
    const hiden = await given({ switches: { hiden: 1 } });
    is(
      /^Unknown switch `hiden` in option .*\. Supported switches: hibernating, html, .*hidden, /.test(hiden.message),
      true,
    );
    const practice = await practiceInstance({ rows: 0 });
    const { message } = await thrown(async () => practice.switches({ none: 1 }));
    is(message.startsWith("Unknown switch `none` in argument `changes`. Supported switches: hibernating, "), true);
    const unmade = practice.fetch("http://[");
    is(await unmade.catch((error: Error) => error.name), "TypeError");
    const elsewhere = await practice
      .fetch("https://other.example/")
      .catch((error: Error) => `${error.name} ${error.message}`);
    is(
      elsewhere,
      "TypeError fetch failed: https://other.example is not the practice instance. Its address is https://practice.service-now.com.",
    );
  },
};

const fetchStatus = (practice: Awaited<ReturnType<typeof practiceInstance>>, path: string, headers = {}) =>
  practice.fetch(practice.url + path, { headers });
