// A unit test without an instance, a network or a mock: node --test
import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthenticationError, connect } from "sysparm";
import { practiceInstance } from "sysparm/testing";
import { openIncidents } from "./open-incidents.mjs";

test("open incidents come with the most urgent first", async () => {
  const practice = await practiceInstance({ rows: 0 });
  const instance = await connect(practice.connection);
  const group = await instance.table("sys_user_group").create({ name: "Printers" });
  const incident = (urgency, impact) =>
    instance
      .table("incident")
      .create({ urgency, impact, assignment_group: group.sys_id, short_description: "Paper jam" });
  const [low, high] = [await incident("3", "3"), await incident("1", "1")];
  assert.deepEqual(await openIncidents(instance, "Printers"), [high.number, low.number]);
  await instance.close();
});

test("refused credentials reach the caller", async () => {
  const practice = await practiceInstance({ rows: 0, scenario: "client-credentials-off" });
  const instance = await connect(practice.connection);
  await assert.rejects(openIncidents(instance, "Printers"), AuthenticationError);
  await instance.close();
});
