/** What an upload holds in Node: a piece of the file, however large it is and wherever it comes from. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { installInto, type Project } from "./installed.js";

const MEGABYTE = 1024 * 1024;
const SIZE = 128 * MEGABYTE;

let server: Server;
let project: Project;
let isRedirecting = false;

before(async () => {
  project = installInto("memory");
  server = createServer(async (request, reply) => {
    let bytes = 0;
    for await (const piece of request) bytes += piece.length;
    if (isRedirecting) return reply.writeHead(302, { location: "/logout_success.do" }).end();
    reply.writeHead(201, { "content-type": "application/json" });
    return reply.end(JSON.stringify({ result: { sys_id: "a", file_name: "large", size_bytes: String(bytes) } }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
});

after(async () => {
  project?.remove();
  server?.close();
});

/** Runs in a process of its own, and reports its most live bytes in array buffers. */
async function uploaded(body: string): Promise<{ size?: number; most: number; code?: string }> {
  const main = join(project.folder, "main.mjs");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(
    main,
    `import { openAsBlob, writeFileSync } from "node:fs";
     import { connect } from "sysparm";
     const instance = await connect({ url: ${JSON.stringify(url)}, auth: { token: "t" } });
     const pieces = (left) => new ReadableStream({
       async pull(controller) {
         await new Promise((wake) => setImmediate(wake));
         if (left <= 0) return controller.close();
         left -= 65536;
         controller.enqueue(new Uint8Array(65536));
       },
     }, { highWaterMark: 0 });
     const file = async () => {
       writeFileSync("large", Buffer.alloc(${SIZE}));
       return openAsBlob("large");
     };
     const body = await (${body});
     let most = 0;
     const sampling = setInterval(() => { most = Math.max(most, process.memoryUsage().arrayBuffers); }, 5);
     const made = await instance.attachments
       .upload({ table: "problem", record: "r", name: "large", body, progress: () => undefined })
       .catch(({ code }) => ({ code }));
     clearInterval(sampling);
     console.log(JSON.stringify({ ...made, most }));
     instance.close();`,
  );
  const options = { cwd: project.folder, timeout: 60_000 };
  return JSON.parse((await promisify(execFile)(process.execPath, [main], options)).stdout);
}

test("stream and a file of 128 MB are sent without being held", async () => {
  for (const body of [`pieces(${SIZE})`, "file()"]) {
    const { size, most } = await uploaded(body);
    assert.equal(size, SIZE);
    assert.ok(most < SIZE / 2, `${body}: ${Math.round(most / MEGABYTE)} MB were held`);
  }
});

test("redirected upload is reported as a redirect", async () => {
  isRedirecting = true;
  const whole = await uploaded("new Uint8Array(10)");
  const streamed = await uploaded("pieces(65536)");
  isRedirecting = false;
  assert.notEqual(whole.code, "write.unknown-outcome");
  assert.equal(streamed.code, whole.code);
});
