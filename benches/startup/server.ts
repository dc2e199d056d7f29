/**
 * Serves the pages of the benchmark and repeats recorded replies, in a process of its own, so that it is equally fast for every program.
 * One origin for both: a preflight for each request would hide the differences.
 *
 *   node --import tsx benches/startup/server.ts FOLDER REPLIES.json
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import type { Replies, Reply } from "./replies.ts";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

const [folder = "", recorded = ""] = process.argv.slice(2);
const { token, page }: Replies = JSON.parse(readFileSync(recorded, "utf8"));
const files = new Map<string, Reply & { compressed: Buffer }>();
for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
  if (!statSync(join(folder, path)).isFile()) continue;
  const compressed = brotliCompressSync(readFileSync(join(folder, path)), {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11 },
  });
  const headers = {
    "content-type": TYPES[extname(path)] ?? "application/octet-stream",
    "content-encoding": "br",
    "content-length": String(compressed.length),
  };
  files.set(`/${path}`, { headers, body: "", compressed });
}

const server = createServer((request, response) => {
  // The body of a token request is received, because the connection is used again.
  request.resume();
  const path = (request.url ?? "").split("?")[0] ?? "";
  if (path === "/oauth_token.do") return void response.writeHead(200, token.headers).end(token.body);
  if (path.startsWith("/api/now/")) return void response.writeHead(200, page.headers).end(page.body);
  const file = files.get(path);
  if (file) response.writeHead(200, file.headers).end(file.compressed);
  else response.writeHead(404).end();
});
server.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on("SIGTERM", () => process.exit(0));
