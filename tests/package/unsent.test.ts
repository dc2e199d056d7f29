/** A write that never left Node: it is sent again or plainly failed, and nobody has to look whether it happened. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { connect, InstanceError, UnknownOutcomeError } from "sysparm";
import { httpFetch } from "sysparm/node-http";
import { freePort } from "../harness/free-port.ts";

const FETCHES = { "Node's own fetch": fetch, "httpFetch()": httpFetch() };
const CREATED: RequestListener = (_, reply) => reply.writeHead(201).end('{"result":{"sys_id":"a"}}');

for (const [name, fetch] of Object.entries(FETCHES)) {
  const opened = (url: string, attempts?: number) =>
    connect({ url, auth: { token: "t" }, fetch, pace: { breaker: false, ...(attempts && { attempts }) } });

  test(`${name}: create without a connection or host has not happened`, async () => {
    for (const url of [`http://127.0.0.1:${await freePort()}`, "https://no-such-instance.invalid"]) {
      const instance = await opened(url, 1);
      await assert.rejects(
        instance.table("incident").create({ short_description: "unsent" }),
        (error: InstanceError) => {
          assert.ok(error instanceof InstanceError, error.name);
          assert.equal(error.code, "network.unreachable");
          assert.match(error.diagnosis.evidence[0] ?? "", /^POST \/api\/now\/table\/incident was not sent$/);
          return true;
        },
      );
      instance.close();
    }
  });

  test(`${name}: create is sent once, when the instance listens`, async () => {
    const port = await freePort();
    let created = 0;
    const server = createServer((asked, reply) => {
      created += 1;
      CREATED(asked, reply);
    });
    const instance = await opened(`http://127.0.0.1:${port}`);
    const creating = instance.table("incident").create({ short_description: "late" });
    setTimeout(() => server.listen(port, "127.0.0.1"), 100);
    try {
      assert.deepEqual(await creating, { sys_id: "a" });
      assert.equal(created, 1);
    } finally {
      instance.close();
      server.closeAllConnections();
      server.close();
    }
  });

  test(`${name}: a create whose connection is lost may have happened`, async () => {
    let created = 0;
    const server = createServer((asked) => {
      created += 1;
      asked.socket.destroy();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const instance = await opened(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    try {
      await assert.rejects(instance.table("incident").create({ short_description: "lost" }), UnknownOutcomeError);
      assert.equal(created, 1);
    } finally {
      instance.close();
      server.closeAllConnections();
      server.close();
    }
  });
}

test("refusal whose members cannot be read ends the call without its cause", async () => {
  const refusal = Object.defineProperty(new TypeError("refused hush-hush-hush"), "stack", {
    get: () => {
      throw new Error("no stack");
    },
  });
  const fetch = () => {
    throw refusal;
  };
  const instance = await connect({ url: "https://x.example", auth: { token: "hush-hush-hush" }, fetch });
  const thrown = await instance.request("/api/x/200").catch((error: unknown) => error);
  assert.deepEqual(
    [(thrown as InstanceError).code, (thrown as InstanceError).cause, instance.status().callsUnderWay],
    ["request.refused", undefined, 0],
  );
  instance.close();
});
