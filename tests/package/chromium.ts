/** Headless Chromium for tests, without its own network traffic. */
import { execFileSync } from "node:child_process";
import { type Browser, chromium } from "playwright-core";

const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export function launchChromium(): Promise<Browser> {
  const find = "command -v chromium || command -v chromium-browser || command -v google-chrome";
  const executablePath = execFileSync("sh", ["-c", find], { encoding: "utf8" }).trim();
  return chromium.launch({ executablePath, args: ARGUMENTS });
}
