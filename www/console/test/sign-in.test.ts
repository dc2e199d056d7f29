/** Sign-ins of several tabs of the browser at the same time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createEnvironments, newEnvironment } from "../src/environments/environments";
import { endSignIn, noteSignIn } from "../src/environments/sign-in";
import { memoryBacking } from "../src/store/backing";
import { createStore } from "../src/store/store";
import { createVault } from "../src/vault/vault";

const URL = "https://console.example/?code=c&state=s";

/** The session of one tab. */
function session() {
  const members = new Map<string, string>();
  return {
    getItem: (name: string) => members.get(name) ?? null,
    setItem: (name: string, text: string) => void members.set(name, text),
    removeItem: (name: string) => void members.delete(name),
  };
}

async function page() {
  const environments = createEnvironments(createStore(memoryBacking()), createVault(null));
  const auth = { kind: "oauth", grant: "authorization_code", clientId: "c" } as const;
  const route = { way: "direct", instanceUrl: "https://a.service-now.com", auth } as const;
  const [dev, prod] = [
    await environments.save(newEnvironment({ name: "DEV", kind: "dev", route })),
    await environments.save(newEnvironment({ name: "PROD", kind: "prod", route })),
  ];
  const ended: string[] = [];
  const connections = {
    finishSignIn: async (id: string, url: string) => {
      ended.push(`${id} ${url}`);
      return true;
    },
  };
  return { environments, connections, dev, prod, ended };
}

test("sign-ins of two tabs end each in their own environment", async () => {
  const [one, other] = [session(), session()];
  const { environments, connections, dev, prod, ended } = await page();
  noteSignIn(one, dev.id);
  noteSignIn(other, prod.id);
  await endSignIn({ environments, connections }, one, URL);
  assert.equal(environments.currentId.value, dev.id);
  await endSignIn({ environments, connections }, other, URL);
  assert.equal(environments.currentId.value, prod.id);
  assert.deepEqual(ended, [`${dev.id} ${URL}`, `${prod.id} ${URL}`]);
});

test("return of an unknown sign-in says so and switches nothing", async () => {
  const { environments, connections, prod, dev, ended } = await page();
  const [none, removed] = [session(), session()];
  await environments.select(prod.id);
  await endSignIn({ environments, connections }, none, URL);
  assert.match(environments.notice.value, /This tab began no sign-in.* Connect again/);
  noteSignIn(removed, dev.id);
  await environments.remove(dev.id);
  await endSignIn({ environments, connections }, removed, URL);
  assert.match(environments.notice.value, /was removed/);
  assert.deepEqual([environments.currentId.value, ended], [prod.id, []]);
});
