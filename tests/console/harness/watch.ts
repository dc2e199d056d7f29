/** Watches a browser page from outside and asserts that it did nothing forbidden. */
import assert from "node:assert/strict";
import type { BrowserContext, Page, Request } from "playwright-core";

/** Filled by a script that runs before the page's scripts. */
interface Watched {
  violations: string[];
  progress: string[];
}

export interface Watch {
  /** Every text of the progress line, in order. */
  progress(): Promise<string[]>;
  /**
   * Asserts: no request to other origins, no policy violation, no error in the page, no cookie, no cache but that of the console's own
   * files, and none of these secrets in an address, a title, a store or the document. `signedInAt` is an origin at whose pages a person
   * signs in: cookies and referrers stay there.
   */
  assertClean(origins: string[], secrets: string[], signedInAt?: string): Promise<void>;
}

export async function watch(context: BrowserContext, page: Page): Promise<Watch> {
  const requests: Request[] = [];
  const errors: string[] = [];
  const addresses: string[] = [];
  context.on("request", (request) => requests.push(request));
  page.on("framenavigated", (frame) => addresses.push(frame.url()));
  page.on("pageerror", (error) => errors.push(`uncaught: ${error.message}`));
  page.on("console", (message) => {
    // The browser logs each failed request, and the tests provoke those. Every other error counts.
    if (message.type() === "error" && !/^Failed to load resource|blocked by CORS policy/.test(message.text()))
      errors.push(message.text());
  });
  await page.addInitScript(observe);
  return {
    progress: () => page.evaluate(() => (globalThis as unknown as { watched: Watched }).watched.progress),
    assertClean: async (origins, secrets, signedInAt) => {
      assert.ok(requests.length > 0, "requests were observed");
      for (const request of requests) {
        const origin = new URL(request.url()).origin;
        assert.ok(origins.includes(origin), `a request left for ${request.url()}`);
        for (const secret of secrets) assert.ok(!request.url().includes(secret), "a secret in a request's address");
        if (origin === signedInAt) continue;
        const headers = await request.allHeaders();
        assert.ok(!headers.cookie, `a cookie was sent to ${request.url()}`);
        // The instance's own pages may name themselves.
        const referrer = headers.referer && new URL(headers.referer).origin;
        assert.ok(!referrer || referrer === signedInAt, `a referrer was sent to ${request.url()}`);
      }
      const inPage = await page.evaluate(kept);
      assert.deepEqual(inPage.violations, [], "policy violations");
      assert.deepEqual(errors, [], "errors in the page");
      assert.deepEqual(inPage.foreign, [], "a store of a name that the console does not use");
      if (inPage.cached.length > 0) assert.deepEqual(inPage.cached.sort(), await ownFiles(page), "files in the cache");
      const elsewhere = (domain: string) => signedInAt === undefined || domain !== new URL(signedInAt).hostname;
      const cookies = (await context.cookies()).filter(({ domain }) => elsewhere(domain));
      assert.deepEqual(cookies, [], "cookies");
      for (const secret of secrets) {
        assert.ok(
          ![...addresses, page.url(), inPage.title, inPage.document, inPage.stored].some((text) =>
            text.includes(secret),
          ),
          "a secret in the page, its address or a store",
        );
      }
    },
  };
}

function observe(): void {
  const watched: Watched = { violations: [], progress: [] };
  Object.assign(globalThis, { watched });
  document.addEventListener("securitypolicyviolation", (event) => {
    watched.violations.push(`${event.violatedDirective}: ${event.blockedURI}`);
  });
  new MutationObserver(() => {
    const text = document.querySelector(".progress-words")?.textContent;
    if (text && text !== watched.progress.at(-1)) watched.progress.push(text);
  }).observe(document, { childList: true, subtree: true, characterData: true });
}

/** The addresses that the service worker may keep, from its script. */
async function ownFiles(page: Page): Promise<string[]> {
  const script = new URL("./service-worker.js", page.url());
  const files = /^const FILES = (.+);$/m.exec(await (await fetch(script)).text())?.[1] ?? "[]";
  return (JSON.parse(files) as string[]).map((file) => new URL(file, script).href).sort();
}

/** Runs in the page. */
async function kept() {
  // A named function in here would need a helper of the compiler, which the page lacks.
  const requests = {
    done<T>(request: IDBRequest<T>): Promise<T> {
      return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    },
  };
  const databases = (await indexedDB.databases()).map(({ name }) => name ?? "");
  const stored: unknown[] = [{ ...localStorage }, { ...sessionStorage }];
  for (const name of databases) {
    const database = await requests.done(indexedDB.open(name));
    for (const store of database.objectStoreNames)
      stored.push(await requests.done(database.transaction(store).objectStore(store).getAll()));
    database.close();
  }
  // Local copies of tables: folders of the console alone, and their bytes, in which a secret would be plain.
  const folders: [string, FileSystemDirectoryHandle][] = [["", await navigator.storage.getDirectory()]];
  const roots: string[] = [];
  for (let next = folders.pop(); next; next = folders.pop()) {
    const [path, folder] = next;
    for await (const handle of folder.values()) {
      if (path === "") roots.push(handle.name);
      if (handle.kind === "directory") folders.push([`${path}/${handle.name}`, handle as FileSystemDirectoryHandle]);
      else stored.push(await (await (handle as FileSystemFileHandle).getFile()).text());
    }
  }
  const cacheNames = await caches.keys();
  const cached: string[] = [];
  for (const name of cacheNames) cached.push(...(await (await caches.open(name)).keys()).map((request) => request.url));
  return {
    violations: (globalThis as unknown as { watched: Watched }).watched.violations,
    foreign: [
      ...Object.keys(localStorage).filter((key) => key !== "sysparm.preferences"),
      // The identity of the browser tab, which is no secret.
      ...Object.keys(sessionStorage).filter((key) => key !== "sysparm-console-tab"),
      ...databases.filter((name) => name !== "sysparm-console"),
      ...roots.filter((name) => name !== "sysparm-console"),
      ...cacheNames.filter((name) => !name.startsWith("sysparm-console ")),
    ],
    stored: JSON.stringify(stored),
    cached,
    title: document.title,
    document: document.documentElement.outerHTML,
  };
}
