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
   * Asserts: no request to other origins, no policy violation, no error in the page, and none of these secrets in an address, a title,
   * a store, a cookie or the document.
   */
  assertClean(origins: string[], secrets: string[]): Promise<void>;
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
    assertClean: async (origins, secrets) => {
      assert.ok(requests.length > 0, "requests were observed");
      for (const request of requests) {
        const origin = new URL(request.url()).origin;
        assert.ok(origins.includes(origin), `a request left for ${request.url()}`);
        const headers = await request.allHeaders();
        assert.ok(!headers.cookie, `a cookie was sent to ${request.url()}`);
        assert.ok(!headers.referer, `a referrer was sent to ${request.url()}`);
        for (const secret of secrets) assert.ok(!request.url().includes(secret), "a secret in a request's address");
      }
      const inPage = await page.evaluate(kept);
      assert.deepEqual(inPage.violations, [], "policy violations");
      assert.deepEqual(errors, [], "errors in the page");
      assert.deepEqual(inPage.stored, [], "things stored");
      assert.deepEqual(await context.cookies(), [], "cookies");
      for (const secret of secrets) {
        assert.ok(
          ![...addresses, page.url(), inPage.title, inPage.document].some((text) => text.includes(secret)),
          "a secret in the page or its address",
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

async function kept() {
  return {
    violations: (globalThis as unknown as { watched: Watched }).watched.violations,
    stored: [
      ...Object.keys(localStorage).filter((key) => key !== "sysparm.preferences"),
      ...Object.keys(sessionStorage),
      ...(await indexedDB.databases()).map(({ name }) => name),
      ...(await caches.keys()),
      ...(await navigator.serviceWorker.getRegistrations()).map(({ scope }) => scope),
    ],
    title: document.title,
    document: document.documentElement.outerHTML,
  };
}
