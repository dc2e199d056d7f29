/** What `httpFetch()` promises, against servers that do what an instance, a gateway or a broken line may do. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, Agent as PlainAgent, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { httpFetch } from "sysparm/node-http";

const MEGABYTE = 1024 * 1024;
const running: Server[] = [];

afterEach(async () => {
  for (const server of running.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
});

async function listening(server: Server): Promise<number> {
  running.push(server);
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}

const serve = async (answer: RequestListener) => `http://127.0.0.1:${await listening(createServer(answer))}/api`;

async function textOf(message: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece);
  return Buffer.concat(pieces).toString("latin1");
}

const fetchOver = httpFetch();

test("bodies and headers arrive as those of Node's own fetch do", async () => {
  const url = await serve(async (asked, reply) => {
    const { method, url: path, headers } = asked;
    const { host: _, "user-agent": agent, "accept-language": __, "sec-fetch-mode": ___, ...rest } = headers;
    // Which encodings are taken differs, and how the length of a chunked body is named.
    const { "accept-encoding": ____, "transfer-encoding": _____, "content-length": ______, ...alike } = rest;
    const body = (await textOf(asked)).replaceAll(/-{4,}[\w-]*\d{6,}/g, "boundary");
    const type = alike["content-type"]?.replace(/boundary=.*/, "boundary");
    reply.end(JSON.stringify([method, path, Object.entries({ ...alike, "content-type": type }).sort(), agent, body]));
  });
  const form = new FormData();
  form.set("table_name", "incident");
  form.set("uploadFile", new Blob(["scan"]), "scan.pdf");
  const bytes = new Uint8Array([0, 1, 254, 255, 13, 10]);
  const stream = () => new Blob([bytes, "Müller"]).stream();
  const inits: (() => RequestInit & { duplex?: "half" })[] = [
    () => ({}),
    () => ({ method: "DELETE" }),
    () => ({ method: "post" }),
    () => ({
      method: "POST",
      body: '{"short_description":"Müller 🚀"}',
      headers: { "content-type": "application/json" },
    }),
    () => ({ method: "PUT", body: "plain" }),
    () => ({ method: "POST", body: new URLSearchParams({ grant_type: "password", password: "a b&c" }) }),
    () => ({ method: "POST", body: bytes }),
    () => ({ method: "POST", body: bytes.subarray(1, 3) }),
    () => ({ method: "POST", body: bytes.buffer }),
    () => ({ method: "POST", body: new Blob([bytes], { type: "image/png" }) }),
    () => ({ method: "POST", body: form }),
    () => ({ method: "POST", body: stream(), duplex: "half" }),
    () => ({
      headers: [
        ["x-one", "1"],
        ["x-one", "2"],
        ["accept", "text/csv"],
      ],
    }),
  ];
  for (const [place, init] of inits.entries()) {
    const own = await (await fetch(`${url}?q=é^a#part`, init())).text();
    const over = await (await fetchOver(`${url}?q=é^a#part`, init())).text();
    assert.equal(over, own, `the ${place}th`);
    assert.equal(await (await fetchOver(new URL(`${url}?q=é^a`), init())).text(), own);
    assert.equal(await (await fetchOver(new Request(`${url}?q=é^a`, init()))).text(), own);
  }
});

test("Content-Length is sent for known bodies and for none else", async () => {
  const url = await serve((asked, reply) => void reply.end(asked.headers["content-length"] ?? "in pieces"));
  const lengthOf = async (body: BodyInit) => (await fetchOver(url, { method: "POST", body })).text();
  assert.equal(await lengthOf("Müller"), "7");
  assert.equal(await lengthOf(new Uint8Array(9)), "9");
  assert.equal(await lengthOf(new Blob(["Müller"])), "7");
  assert.equal(await lengthOf(new Blob(["Müller"]).stream()), "in pieces");
});

test("reply has the server's status, headers, bytes and address", async () => {
  const url = await serve((_, reply) => {
    reply.writeHead(429, "Slow down", [
      ["Set-Cookie", "a=1"],
      ["Set-Cookie", "b=2"],
      ["X-Total-Count", "3"],
      ["X-Text", "caf\u00e9"],
    ]);
    reply.end("Müller");
  });
  const reply = await fetchOver(url, { redirect: "manual" });
  assert.deepEqual([reply.status, reply.statusText, reply.ok, reply.url], [429, "Slow down", false, url]);
  assert.deepEqual(reply.headers.getSetCookie(), ["a=1", "b=2"]);
  assert.deepEqual([reply.headers.get("x-total-count"), reply.headers.get("x-text")], ["3", "caf\u00e9"]);
  const copy = reply.clone();
  assert.equal(await reply.text(), "Müller");
  assert.equal(await copy.text(), "Müller");
});

test("gzip and Brotli are decoded, unknown encodings left alone", async () => {
  const text = "Müller 🚀 ".repeat(50_000);
  const coded: Record<string, Buffer> = {
    gzip: gzipSync(text),
    "x-gzip": gzipSync(text),
    br: brotliCompressSync(text),
    unknown: Buffer.from(text),
    // What every object has is no coding.
    constructor: Buffer.from(text),
  };
  const url = await serve((asked, reply) => {
    const coding = asked.url?.split("?")[1] ?? "";
    assert.ok(asked.headers["accept-encoding"]?.includes("gzip"));
    reply.writeHead(200, { "content-encoding": coding }).end(coded[coding]);
  });
  for (const coding of Object.keys(coded))
    assert.equal(await (await fetchOver(`${url}?${coding}`)).text(), text, coding);
});

test("cut reply fails, compressed or not", async () => {
  const whole = gzipSync("0123456789".repeat(100_000));
  const url = await serve((asked, reply) => {
    const kind = asked.url?.split("?")[1];
    if (kind === "length") reply.writeHead(200, { "content-length": 10 }).write("12345");
    else if (kind === "pieces") reply.writeHead(200).write("12345");
    // Its own end comes too soon, although the message is whole.
    else return reply.writeHead(200, { "content-encoding": "gzip" }).end(whole.subarray(0, whole.length / 2));
    return setTimeout(() => reply.destroy(), 20);
  });
  for (const kind of ["length", "pieces", "gzip"])
    await assert.rejects((await fetchOver(`${url}?${kind}`)).text(), { name: "TypeError" }, kind);
});

test("reply without a body leaves the connection reusable", async () => {
  const ports = new Set<number | undefined>();
  const url = await serve((asked, reply) => {
    ports.add(asked.socket.remotePort);
    if (asked.method === "HEAD")
      return reply.writeHead(200, { "content-length": 100, "content-encoding": "gzip" }).end();
    return reply.writeHead(204, { "content-encoding": "gzip" }).end();
  });
  const agent = new PlainAgent({ keepAlive: true, maxSockets: 1 });
  const fetchOnce = httpFetch({ agent });
  for (const method of ["HEAD", "DELETE", "HEAD", "GET"]) {
    const reply = await fetchOnce(url, { method });
    assert.equal(reply.body, null);
    assert.equal(await reply.text(), "");
  }
  assert.equal(ports.size, 1);
  agent.destroy();
});

test("redirect is returned in manual mode, else fails", async () => {
  let asked = 0;
  const url = await serve((_, reply) => {
    asked += 1;
    reply.writeHead(302, { location: "/login.do" }).end("gone");
  });
  const reply = await fetchOver(url, { redirect: "manual" });
  assert.deepEqual([reply.status, reply.headers.get("location"), await reply.text()], [302, "/login.do", "gone"]);
  for (const init of [{}, { redirect: "follow" }, { redirect: "error" }] as const)
    await assert.rejects(fetchOver(url, init), { name: "TypeError" });
  assert.equal(asked, 4);
});

test("signal ends a request before, during and after it is sent", async () => {
  let asked = 0;
  let closed = 0;
  const url = await serve((message, reply) => {
    asked += 1;
    reply.on("close", () => (closed += 1));
    if (message.url?.endsWith("answers")) reply.writeHead(200).write("a piece");
  });
  const reason = new Error("enough");
  await assert.rejects(fetchOver(url, { signal: AbortSignal.abort(reason) }), reason);
  assert.equal(asked, 0);

  const before = new AbortController();
  const unanswered = fetchOver(url, { signal: before.signal });
  setTimeout(() => before.abort(reason), 30);
  await assert.rejects(unanswered, reason);

  const meanwhile = new AbortController();
  const reply = await fetchOver(`${url}?answers`, { signal: meanwhile.signal });
  setTimeout(() => meanwhile.abort(reason), 30);
  await assert.rejects(reply.text(), reason);
  await until(() => closed === 2);
});

test("request waiting for a connection ends with its signal", async () => {
  let asked = 0;
  const url = await serve(() => {
    asked += 1;
  });
  const agent = new PlainAgent({ keepAlive: true, maxSockets: 1 });
  const fetchOnce = httpFetch({ agent });
  const first = new AbortController();
  const unanswered = fetchOnce(url, { signal: first.signal });
  await until(() => asked === 1);
  await assert.rejects(fetchOnce(url, { signal: AbortSignal.timeout(30) }), { name: "TimeoutError" });
  first.abort();
  await assert.rejects(unanswered, { name: "AbortError" });
  assert.equal(asked, 1);
  agent.destroy();
});

test("shared signal keeps no listener of finished requests", async () => {
  const url = await serve((asked, reply) => void reply.writeHead(asked.url?.endsWith("empty") ? 204 : 200).end());
  const { signal } = new AbortController();
  let held = 0;
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...given: unknown[]) => {
    held += 1;
    return Reflect.apply(addEventListener, signal, given);
  };
  signal.removeEventListener = (...given: unknown[]) => {
    held -= 1;
    return Reflect.apply(removeEventListener, signal, given);
  };
  for (let count = 0; count < 5; count += 1) {
    await (await fetchOver(url, { signal })).text();
    await fetchOver(`${url}?empty`, { signal });
    await (await fetchOver(url, { signal })).body?.cancel();
    await assert.rejects(fetchOver("http://127.0.0.1:1/", { signal }));
  }
  await until(() => held === 0);
});

test("unreachable host rejects with Node's reason", async () => {
  await assert.rejects(fetchOver("http://127.0.0.1:1/"), ({ name, cause }: Error) => {
    assert.deepEqual([name, (cause as NodeJS.ErrnoException).code], ["TypeError", "ECONNREFUSED"]);
    return true;
  });
  const url = await serve((asked) => asked.socket.destroy());
  await assert.rejects(fetchOver(url), { name: "TypeError", message: "fetch failed" });
  for (const wrong of ["ftp://127.0.0.1/", "nowhere", ""])
    await assert.rejects(fetchOver(wrong), { name: "TypeError" });
  await assert.rejects(fetchOver(url, { headers: { "x-text": "two\nlines" } }), { name: "TypeError" });
  for (const agent of [null, 1, "https", {}])
    assert.throws(() => httpFetch({ agent: agent as never }), { name: "TypeError" });
});

test("body that fails while sent fails the request with its reason", async () => {
  const url = await serve(
    (asked, reply) =>
      void textOf(asked).then(
        (text) => reply.end(text),
        () => undefined,
      ),
  );
  const reason = new Error("the disk is gone");
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(pieces) {
      sent += 1;
      if (sent > 3) pieces.error(reason);
      else pieces.enqueue(new Uint8Array(1000));
    },
  });
  await assert.rejects(fetchOver(url, { method: "POST", body, duplex: "half" } as RequestInit), { cause: reason });
});

test("unread reply waits on its connection until cancelled", async () => {
  let written = 0;
  let isClosed = false;
  const url = await serve((_, reply) => {
    reply.on("close", () => (isClosed = true));
    const write = () => {
      while (written < 256 * MEGABYTE && !reply.destroyed) {
        written += MEGABYTE;
        if (!reply.write(Buffer.alloc(MEGABYTE))) return void reply.once("drain", write);
      }
    };
    write();
  });
  const { body } = await fetchOver(url);
  await until(() => written > 0);
  await new Promise((wake) => setTimeout(wake, 300));
  assert.ok(written < 64 * MEGABYTE, `${written} bytes were written that nobody wanted`);
  await body?.cancel();
  await until(() => isClosed);
});

test("headers of the connection are refused and nothing is sent", async () => {
  let seen = 0;
  const url = await serve((_, reply) => void reply.end(String(++seen)));
  for (const name of ["Content-Length", "Transfer-Encoding", "Host", "Connection", "Expect", "Cookie"]) {
    const refused = httpFetch()(url, { method: "POST", headers: { [name]: "1" }, body: "GET / HTTP/1.1" });
    await assert.rejects(
      refused,
      (thrown) =>
        thrown instanceof TypeError && thrown.message.startsWith(`Unsupported header \`${name.toLowerCase()}\`: `),
    );
  }
  assert.equal(seen, 0);
});

test("stream of 128 MB is sent as it is taken", async () => {
  let isTaken = false;
  const url = await serve(async (asked, reply) => {
    await new Promise((wake) => setTimeout(wake, 300));
    isTaken = true;
    let bytes = 0;
    for await (const piece of asked) bytes += piece.length;
    reply.end(String(bytes));
  });
  let given = 0;
  let givenBefore = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(pieces) {
        if (!isTaken) givenBefore = given;
        if (given >= 128 * MEGABYTE) return pieces.close();
        given += MEGABYTE;
        return pieces.enqueue(new Uint8Array(MEGABYTE));
      },
    },
    { highWaterMark: 0 },
  );
  const reply = await fetchOver(url, { method: "POST", body, duplex: "half" } as RequestInit);
  assert.equal(await reply.text(), String(128 * MEGABYTE));
  assert.ok(givenBefore < 64 * MEGABYTE, `${givenBefore} bytes were given before any was taken`);
});

async function until(holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 10) {
    assert.ok(waited < 5000, "it did not come true in 5 s");
    await new Promise((wake) => setTimeout(wake, 10));
  }
}
