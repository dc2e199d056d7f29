/** Launches headless Chromium for tests, with its background network traffic disabled. */
import { execFileSync } from "node:child_process";
import { type Browser, type BrowserContext, chromium } from "playwright-core";

const ARGUMENTS = [
  // Chromium's sandbox refuses to run as root, and the user of a container is often root.
  ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launchChromium(flags: string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: executable(), args: [...ARGUMENTS, ...flags] });
}

/** With a profile on disk, as a person's browser has one. */
export function launchPersistentChromium(profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, { executablePath: executable(), args: ARGUMENTS });
}

function executable(): string {
  const find = "command -v chromium || command -v chromium-browser || command -v google-chrome";
  return process.env.CHROMIUM ?? execFileSync("sh", ["-c", find], { encoding: "utf8" }).trim();
}
