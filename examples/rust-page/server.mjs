// Serves the page, and the access tokens that it asks for: node server.mjs [PORT]
// Everyone who reaches /token acts on the instance as this client. Put your own sign-in before it.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const NEEDED = ["SYSPARM_URL", "SYSPARM_CLIENT_ID", "SYSPARM_CLIENT_SECRET"];
const missing = NEEDED.filter((name) => !process.env[name]);
if (missing.length > 0) {
  console.error(
    `Missing environment variable: ${missing.join(", ")}. Set it to that of the instance or of its OAuth client.`,
  );
  process.exit(1);
}
const { SYSPARM_URL, SYSPARM_CLIENT_ID, SYSPARM_CLIENT_SECRET } = process.env;
const [port = "8080"] = process.argv.slice(2);
const TYPES = { "rust_page.js": "text/javascript", "rust_page_bg.wasm": "application/wasm" };

const form = new URLSearchParams({
  grant_type: "client_credentials",
  client_id: SYSPARM_CLIENT_ID,
  client_secret: SYSPARM_CLIENT_SECRET,
});

async function token() {
  const reply = await fetch(`${SYSPARM_URL}/oauth_token.do`, { method: "POST", body: form, redirect: "error" });
  if (!reply.ok) throw new Error(`The instance refused a token with ${reply.status}: npx sysparm doctor says why.`);
  const { access_token, expires_in } = await reply.json();
  return JSON.stringify({ token: access_token, expiresAt: Date.now() + Number(expires_in) * 1000 });
}

async function page() {
  const text = await readFile(new URL("index.html", import.meta.url), "utf8");
  return text.replace("https://dev12345.service-now.com", SYSPARM_URL);
}

/** A file of the build. */
async function built(name) {
  const file = new URL(name, import.meta.url);
  return readFile(file).catch(() => {
    const steps = "Build the page with cargo and wasm-bindgen: examples/README.md has both lines.";
    throw new Error(`${name} cannot be read. ${steps}`);
  });
}

const server = createServer(async (request, response) => {
  const name = request.url.slice(1);
  try {
    if (request.method === "POST" && name === "token") {
      response.setHeader("cache-control", "no-store").setHeader("content-type", "application/json");
      response.end(await token());
    } else if (name === "") response.setHeader("content-type", "text/html").end(await page());
    else if (Object.hasOwn(TYPES, name)) {
      const content = await built(name);
      response.setHeader("content-type", TYPES[name]).end(content);
    } else response.writeHead(404).end();
  } catch (thrown) {
    console.error(thrown.message);
    response.writeHead(502).end();
  }
});
server.listen(Number(port), "127.0.0.1", () => console.log(`http://localhost:${server.address().port}`));
