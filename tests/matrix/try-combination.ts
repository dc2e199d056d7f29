/** Builds and runs one combination against the practice instance. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { Browser } from "playwright-core";
import type { Combination } from "./combinations.ts";
import { openProject, type Project } from "./project.ts";

/** What `projects/shared/program.js` says where everything works. */
export const EXPECTED = "read true, synced true, true table.unknown, token.not-accepted.";

const LONGEST_PAGE_MS = 30_000;
const TYPES: Record<string, string> = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

interface Surroundings {
  tarball: string;
  instance: string;
  browser: Browser;
  linked?: boolean;
}

/** What was said where it is not what was expected; nothing where all of it works. */
export async function tryCombination(combination: Combination, surroundings: Surroundings): Promise<string[]> {
  const { tarball, instance, browser, linked } = surroundings;
  const project = await openProject(tarball, combination, linked);
  const said: string[] = [];
  try {
    if (combination.build) await project.shell(combination.build);
    if (combination.run) said.push(await project.shell(combination.run, { INSTANCE: instance }));
    const query = `?instance=${encodeURIComponent(instance)}`;
    const server = combination.server ? await project.start(combination.server) : undefined;
    try {
      for (const path of combination.texts ?? []) {
        const text = await (await fetch(`${server?.url}${path}${query}`)).text();
        said.push(text.includes(EXPECTED) ? EXPECTED : `${path}: ${text.slice(0, 500)}`);
      }
      if (server && combination.page) said.push(await titleOf(browser, `${server.url}${combination.page}${query}`));
    } finally {
      server?.stop();
    }
    if (combination.folder) said.push(await inFolder(project, combination.folder, browser, query));
  } finally {
    project.remove();
  }
  if (said.length === 0) throw new Error(`${combination.tool}, ${combination.use}: nothing was run`);
  return said.filter((text) => text !== (combination.says ?? EXPECTED));
}

/** Opens a folder's index.html as any web server does: what is not there is 404. */
async function inFolder({ folder }: Project, name: string, browser: Browser, query: string): Promise<string> {
  const server = createServer(async (request, reply) => {
    const path = new URL(request.url ?? "", "http://x").pathname.replace(/\/$/, "/index.html");
    const body = await readFile(join(folder, name, path)).catch(() => undefined);
    reply.writeHead(body ? 200 : 404, { "content-type": TYPES[extname(path)] ?? "text/plain" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await titleOf(browser, `http://127.0.0.1:${(server.address() as AddressInfo).port}/${query}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

/** The title that a page gives itself at the end. */
async function titleOf(browser: Browser, url: string): Promise<string> {
  const page = await browser.newPage();
  try {
    await page.goto(url);
    await page
      .waitForFunction("/^(read|failed)/.test(document.title)", null, { timeout: LONGEST_PAGE_MS })
      .catch(() => undefined);
    return await page.title();
  } finally {
    await page.close();
  }
}
