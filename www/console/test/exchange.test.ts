/** One request and its reply, against a host without a browser. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { signal } from "@preact/signals";
import type { Instance } from "sysparm";
import { PARSED_CHARACTERS } from "../src/tester/body";
import type { Ended } from "../src/tester/exchange";
import type { Host } from "../src/tester/host";
import { createTester } from "../src/tester/tester";
import { newRequest, newSecretRef, type SavedRequest } from "../src/workspace/model";
import { hostDouble } from "./host-double";

function hostWith(answer: () => Promise<Response>, part: Partial<Host> = {}): Host {
  const instance = { url: "https://dev.example", request: answer, close: () => undefined } as unknown as Instance;
  return hostDouble({ instance: () => instance, ...part });
}

function tabOf(host: Host, request: SavedRequest) {
  const tester = createTester(host, signal([]), () => undefined);
  tester.open(request);
  const tab = tester.active();
  assert.ok(tab);
  const ended = (): Ended => {
    const state = tab.exchange.state.value;
    assert.ok(state.phase === "answered" || state.phase === "failed", state.phase);
    return state;
  };
  return { tester, tab, ended };
}

const json = (text: string) => new Response(text, { headers: { "content-type": "application/json" } });

test("cancelling does not wait for a token of the request's own", async () => {
  const closed: string[] = [];
  let opened = (_: Instance) => {};
  const opening = new Promise<Instance>((resolve) => {
    opened = resolve;
  });
  const request = newRequest({ address: "/x", auth: { kind: "bearer", token: newSecretRef() } });
  const { tab } = tabOf(
    hostWith(async () => json("{}"), { instanceWith: () => opening }),
    request,
  );
  const sending = tab.exchange.send(request);
  await new Promise(setImmediate);
  tab.exchange.cancel();
  await sending;
  assert.equal(tab.exchange.state.value.phase, "cancelled");
  opened({ close: () => closed.push("late") } as unknown as Instance);
  await new Promise(setImmediate);
  assert.deepEqual(closed, ["late"]);
});

test("tab says that its reply is being checked", async () => {
  const request = newRequest({ address: "/x" });
  const { tab } = tabOf(
    hostWith(async () => json("{}")),
    request,
  );
  const phases: unknown[] = [];
  tab.exchange.state.subscribe((state) => phases.push("received" in state ? state.received : state.phase));
  await tab.exchange.send(request);
  assert.deepEqual(phases, ["idle", false, true, "answered"]);
});

test("next reply ends the comparison of the one before", async () => {
  const request = newRequest({ address: "/x" });
  const { tab, ended } = tabOf(
    hostWith(async () => json("{}")),
    request,
  );
  await tab.exchange.send(request);
  tab.comparison.take(ended(), { ...ended(), name: "other" });
  await tab.exchange.send(request);
  assert.equal(tab.comparison.state.value.phase, "none");
  assert.equal(tab.exchange.previous.value?.reply?.body.text, "{}");
});

test("reply before a refused send is the previous one", async () => {
  const request = newRequest({ address: "/x" });
  let count = 0;
  const { tab } = tabOf(
    hostWith(async () => json(`${++count}`)),
    request,
  );
  const refused = { ...request, address: "/{{missing}}" };
  await tab.exchange.send(request);
  await tab.exchange.send(request);
  await tab.exchange.send(refused);
  assert.equal(tab.exchange.state.value.phase, "problem");
  await tab.exchange.send(refused);
  await tab.exchange.send(request);
  assert.equal(tab.exchange.previous.value?.reply?.body.text, "2");
});

test("tab keeps no large body of a former reply or once closed", async () => {
  const request = newRequest({ address: "/x" });
  let text = `"${"x".repeat(PARSED_CHARACTERS)}"`;
  const { tester, tab, ended } = tabOf(
    hostWith(async () => json(text)),
    request,
  );
  await tab.exchange.send(request);
  assert.equal(ended().reply?.body.text, text, "the reply itself is whole");
  text = "{}";
  await tab.exchange.send(request);
  assert.equal(tab.exchange.previous.value?.reply?.body.text, null);
  assert.equal(tab.exchange.previous.value?.reply?.status, 200);
  const undo = tester.close(tab.id);
  assert.equal(tab.exchange.previous.value, null);
  undo();
  assert.equal(ended().reply?.body.text, "{}", "a small reply is there again");
  text = `"${"x".repeat(PARSED_CHARACTERS)}"`;
  await tab.exchange.send(request);
  tester.close(tab.id);
  assert.equal(tab.exchange.state.value.phase, "idle");
});
