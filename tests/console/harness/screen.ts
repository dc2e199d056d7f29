/** Operates the console as a person does: typing, pressing, reading. Depends on the page's labels, not on its code. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "playwright-core";
import { CLIENT_ID, CLIENT_SECRET } from "./instance.ts";
import { parseCsv } from "./rows.ts";

export class Screen {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async connect(instanceUrl: string, secret = CLIENT_SECRET): Promise<void> {
    await this.page.getByLabel("Instance address").fill(instanceUrl);
    const form = this.page.locator(".connection");
    await form.getByLabel("Client ID").fill(CLIENT_ID);
    await form.getByLabel("Client secret").fill(secret);
    await form.getByRole("button", { name: "Connect", exact: true }).click();
  }

  /** Adds an environment in the view Environments, and connects it. The one in use stays, or becomes this one. */
  async addEnvironment(name: string, instanceUrl: string): Promise<void> {
    await this.page.locator(".env-switch").click();
    await this.page.getByRole("menuitem", { name: "Add an environment" }).first().click();
    await this.page.getByLabel("Instance address").waitFor();
    const field = this.page.getByLabel("Name", { exact: true });
    if (!(await field.isVisible())) await this.page.getByText("Name, kind, release and options").click();
    await field.fill(name);
    await this.connect(instanceUrl);
    await this.page.locator("#pane-environments li", { hasText: name }).getByText(", connected").waitFor();
  }

  async read(table: string, options: { query?: string; fields?: string; pageSize?: number } = {}): Promise<void> {
    await this.page.getByLabel("Table", { exact: true }).fill(table);
    if (options.query !== undefined) await this.page.getByLabel("Encoded query").fill(options.query);
    if (options.fields !== undefined) await this.page.getByLabel("Fields").fill(options.fields);
    if (options.pageSize !== undefined) await this.page.getByLabel("Page size").fill(String(options.pageSize));
    await this.page.getByRole("button", { name: "Read", exact: true }).click();
  }

  /** Waits until the current read has ended. */
  async ended(): Promise<{ how: string; words: string }> {
    const line = this.page.locator(".progress-words[data-phase=ended]");
    await line.waitFor({ timeout: 60_000 });
    return { how: (await line.getAttribute("data-ending")) ?? "", words: (await line.textContent()) ?? "" };
  }

  /** Waits until rows have come while the read continues. */
  async someRowsCame(): Promise<void> {
    await this.page
      .locator(".progress-words[data-phase=reading]")
      .filter({ hasText: /^[1-9]/ })
      .waitFor();
  }

  /** The page's rows, from the file that it saves. */
  async savedRows(): Promise<Record<string, string>[]> {
    const [download] = await Promise.all([
      this.page.waitForEvent("download"),
      this.page.getByRole("button", { name: "Download CSV" }).click(),
    ]);
    const [head = [], ...lines] = parseCsv(await readFile(await download.path(), "utf8"));
    await download.delete();
    return lines.map((line) => Object.fromEntries(head.map((field, column) => [field, line[column] ?? ""])));
  }

  async savedNumbers(): Promise<Set<string>> {
    const rows = await this.savedRows();
    const numbers = new Set(rows.map((row) => row.number ?? ""));
    assert.equal(numbers.size, rows.length, "no row was saved twice");
    return numbers;
  }

  /** The shown failure: its message and its code. */
  async failure(): Promise<{ message: string; code: string; text: string }> {
    const shown = this.page.locator(".failure:visible");
    await shown.waitFor({ timeout: 30_000 });
    return {
      message: await shownText(shown.locator(".failure-message")),
      code: await shownText(shown.locator("dd code").first()),
      text: await shownText(shown),
    };
  }

  async openTester(): Promise<void> {
    const menu = this.page.getByRole("button", { name: "Open navigation" });
    if (await menu.isVisible()) await menu.click();
    await this.page.getByRole("link", { name: "Tester", exact: true }).click();
  }

  /** Asserts that axe reports no serious or critical violation, or, when asked, none of any impact. */
  async accessible(state: string, impact: "serious" | "any" = "serious"): Promise<void> {
    const { violations, passes } = await new AxeBuilder({ page: this.page }).analyze();
    assert.ok(passes.length > 10, `axe ran its rules on: ${state}`);
    const counted = violations.filter((found) => impact === "any" || /serious|critical/.test(found.impact ?? ""));
    const reported = counted.map(
      ({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")})`,
    );
    assert.deepEqual(reported, [], `axe, ${state}`);
  }
}

/** Text as it is laid out for a reader: line breaks kept, hidden parts left out. */
export function shownText(locator: Locator): Promise<string> {
  return locator.innerText();
}
