/** A fresh page of the console for every test. Checks the page after the test. */
import { before, type TestContext } from "node:test";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { CLIENT_SECRET } from "./instance.ts";
import { Screen, shownText } from "./screen.ts";
import { sharedBrowser, sharedSite } from "./shared.ts";
import type { Site } from "./site.ts";
import { type Watch, watch } from "./watch.ts";

export interface Visit {
  screen: Screen;
  watch: Watch;
  /** The origin of the console's server. */
  origin: string;
}

export interface VisitOptions {
  /** Origins that the page may request, in addition to its own. */
  origins: string[];
  /** Texts that must appear nowhere; the practice secret by default. */
  secrets?: string[];
  fragment?: string;
  /** The origin of pages at which a person signs in. It may have a host name of its own only: cookies ignore the port. */
  signedInAt?: string;
  context?: BrowserContextOptions;
}

/** Call at the top of a test file. `visit` runs a test in a fresh page and then checks the page. */
export function openWorld() {
  let site: Site;
  let browser: Browser;
  let visits = 0;

  before(async () => {
    site = await sharedSite();
    browser = await sharedBrowser();
  });

  async function visit(test: TestContext, options: VisitOptions, body: (visit: Visit) => Promise<void>): Promise<void> {
    // A service worker would download every file of the console for every test. offline.test.ts allows it.
    const common = { viewport: { width: 1400, height: 900 }, serviceWorkers: "block" } as const;
    const context = await browser.newContext({ ...common, ...options.context });
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      const watched = await watch(context, page);
      await page.goto(`${site.origin}/${options.fragment ?? ""}`);
      await body({ screen: new Screen(page), watch: watched, origin: site.origin });
      await watched.assertClean(
        [site.origin, ...options.origins],
        options.secrets ?? [CLIENT_SECRET],
        options.signedInAt,
      );
      visits += 1;
    } catch (thrown) {
      const [page] = context.pages();
      if (page) test.diagnostic(`the page said: ${(await shownText(page.locator("body"))).slice(0, 1_000)}`);
      throw thrown;
    } finally {
      await context.close();
    }
  }

  return { visit, origin: () => site.origin, visits: () => visits };
}
