import assert from "node:assert/strict";
import { test } from "node:test";
import { examine } from "sysparm/doctor";
import { checkOf, stepsAsText, valuesOf } from "../src/environments/guide/checks";
import { type Answers, planOf, WAYS } from "../src/environments/guide/guide";

const answers: Answers = {
  way: "client_credentials",
  release: "zurich",
  instanceUrl: "https://dev1.service-now.com",
  clientId: "c0ffee",
  user: "acme.integration",
  table: "incident",
  origin: "https://console.example",
};

test("steps are there for every way, and for no instance at all", async () => {
  for (const way of WAYS) {
    const { steps, release } = await planOf({ ...answers, way, instanceUrl: "", clientId: "", user: "" });
    assert.equal(release, "zurich");
    assert.ok(steps.length > 5, way);
  }
});

test("every step of every way has a check of the doctor", async () => {
  const finding = { state: "unknown" as const, question: "", evidence: "", fix: [] };
  const seen = ["token", "api.who", "api.table", "cors.api", "cors.token", "token.scope", "query.regime"];
  for (const way of WAYS) {
    for (const release of ["washingtondc", "zurich", "australia"]) {
      for (const step of (await planOf({ ...answers, way, release })).steps)
        assert.ok(
          checkOf(
            step,
            seen.map((code) => ({ ...finding, code })),
          ),
          `${way}, ${release}: ${step.place}`,
        );
    }
  }
});

test("steps name the codes that the doctor has", async () => {
  const asked: string[] = [];
  const silent = () => Promise.reject(new TypeError("not sent"));
  const auth = { grant: "client_credentials", clientId: "c", clientSecret: "s" } as const;
  for await (const { code } of examine({ url: answers.instanceUrl, origin: answers.origin, auth, fetch: silent }))
    asked.push(code);
  for (const code of ["api.who", "api.table", "settings.plugins", "client.record", "records.cors"])
    assert.ok(asked.includes(code), code);
});

test("failed check speaks against its step, a passed one proves it", async () => {
  const { steps } = await planOf(answers);
  const roles = steps.find(({ place }) => place.endsWith("Roles"));
  assert.ok(roles);
  const finding = { question: "", fix: [] };
  const passed = { ...finding, code: "api.table", state: "passed", evidence: "3 rows" } as const;
  const failed = { ...finding, code: "user.roles", state: "failed", evidence: "itil is missing" } as const;
  assert.equal(checkOf(roles, []), undefined);
  assert.deepEqual(checkOf(roles, [passed]), { state: "passed", evidence: "3 rows", needs: "" });
  assert.equal(checkOf(roles, [passed, failed])?.evidence, "itil is missing");
});

test("values to copy are the properties and what was filled in", async () => {
  const { steps } = await planOf(answers);
  const values = steps.flatMap((step) => valuesOf(step, [answers.origin, answers.user]));
  assert.ok(values.includes("glide.oauth.inbound.client.credential.grant_type.enabled"));
  assert.ok(values.includes("https://console.example"));
  assert.ok(values.includes("acme.integration"));
  assert.match(stepsAsText("Set-up", steps), /^Set-up\n\n1\. All > System Definition > Plugins\n {3}OAuth 2\.0/);
});
