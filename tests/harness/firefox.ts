/** Launches Debian's headless Firefox, driven by WebDriver BiDi. Its driver is one of the runtimes that `tools/setup runtimes` installs. */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What tests use of an element of puppeteer-core. */
export interface FirefoxElement {
  click(): Promise<void>;
  focus(): Promise<void>;
}

/** What tests use of a page of puppeteer-core. An expression that is a string is evaluated as it stands. */
export interface FirefoxPage {
  goto(url: string): Promise<unknown>;
  reload(): Promise<unknown>;
  url(): string;
  keyboard: {
    type(text: string): Promise<void>;
    press(key: string): Promise<void>;
    down(key: string): Promise<void>;
    up(key: string): Promise<void>;
  };
  setViewport(size: { width: number; height: number }): Promise<void>;
  screenshot(options: { path: string }): Promise<unknown>;
  evaluate<Value, Given extends unknown[]>(
    run: string | ((...given: Given) => Value),
    ...given: Given
  ): Promise<Awaited<Value>>;
  evaluateOnNewDocument(run: () => void): Promise<unknown>;
  /** Waits until the function gives something, and gives that. */
  waitForFunction<Given extends unknown[]>(
    run: (...given: Given) => unknown,
    options: { timeout: number; polling: number },
    ...given: Given
  ): Promise<{ asElement(): FirefoxElement | null; jsonValue(): Promise<unknown> }>;
  on(event: "pageerror", listener: (error: Error) => void): void;
  on(event: "request", listener: (request: { url(): string }) => void): void;
}

export interface Firefox {
  newPage(): Promise<FirefoxPage>;
  /** A session of its own: no cookie and no store of another one. */
  createBrowserContext(): Promise<{ newPage(): Promise<FirefoxPage>; close(): Promise<void> }>;
  close(): Promise<void>;
}

interface Puppeteer {
  launch(options: { browser: "firefox"; executablePath: string; protocolTimeout: number }): Promise<Firefox>;
}

/** `longestCallMs` limits a single call to the browser. */
export async function launchFirefox(longestCallMs: number): Promise<Firefox> {
  const installed = join(process.env.SYSPARM_RUNTIMES ?? "", "node_modules");
  const entry = createRequire(pathToFileURL(installed)).resolve("puppeteer-core");
  const { default: puppeteer } = (await import(pathToFileURL(entry).href)) as { default: Puppeteer };
  const find = "command -v firefox-esr || command -v firefox";
  const executablePath = process.env.FIREFOX ?? execFileSync("sh", ["-c", find], { encoding: "utf8" }).trim();
  return puppeteer.launch({ browser: "firefox", executablePath, protocolTimeout: longestCallMs });
}
