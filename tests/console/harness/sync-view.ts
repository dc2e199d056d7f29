/** Operates the view Sync as a person does. */
import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import type { SourceRow } from "../../harness/changing-source.ts";

export interface SyncTexts {
  query?: string;
  fields?: string;
  pageSize?: number;
}

export class SyncView {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(): Promise<void> {
    await this.page.evaluate(() => location.assign("#/sync"));
    await this.page.locator("#pane-sync").getByRole("heading", { name: "Sync", level: 1 }).waitFor();
    await this.page.locator(".sync-storage .hint").waitFor();
  }

  async setUp(table: string, { query, fields, pageSize }: SyncTexts = {}): Promise<void> {
    await this.page.getByRole("button", { name: "Set up a sync" }).click();
    await this.page.locator("#sync-table").fill(table);
    if (query !== undefined) await this.page.locator("#sync-query").fill(query);
    if (fields !== undefined) await this.page.locator("#sync-fields").fill(fields);
    if (pageSize !== undefined) await this.page.locator("#sync-page-size").fill(String(pageSize));
    await this.page.getByRole("button", { name: "Set up", exact: true }).click();
    await this.row(table).waitFor();
  }

  row(table: string, state?: string) {
    return this.page.locator(`tr[data-table="${table}"]${state === undefined ? "" : `[data-state="${state}"]`}`);
  }

  /** What stands in a column of the list. */
  async cell(table: string, head: string): Promise<string> {
    return (await this.row(table).locator(`td[data-head="${head}"]`).innerText()).trim();
  }

  /** Runs or resumes it, and waits until it is complete. */
  async run(table: string, step: "Run" | "Resume" = "Run"): Promise<void> {
    await this.start(table, step);
    await this.row(table, "Complete").waitFor({ timeout: 120_000 });
  }

  async start(table: string, step: "Run" | "Resume" = "Run"): Promise<void> {
    await this.page.getByRole("button", { name: `${step} ${table}` }).click();
    await this.row(table, "Running").waitFor();
  }

  async choose(table: string, item: string): Promise<void> {
    await this.page.getByRole("button", { name: `More for ${table}` }).click();
    await this.page.getByRole("menuitem", { name: item }).click();
  }

  /** The text of a file that something saves. */
  async saved(press: () => Promise<void>): Promise<string> {
    const [download] = await Promise.all([this.page.waitForEvent("download"), press()]);
    return readFile(await download.path(), "utf8");
  }

  /** Every row of a copy. */
  async rows(table: string): Promise<SourceRow[]> {
    const text = await this.saved(() => this.choose(table, "Save as NDJSON"));
    return text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }

  /** Runs SQL and gives the shown cells. */
  async query(sql: string): Promise<string[][]> {
    await this.page.getByLabel("SQL").fill(sql);
    await this.page.getByRole("button", { name: "Query", exact: true }).click();
    await this.page.locator(".sync-query [role=status]").filter({ hasText: /row/ }).waitFor();
    return this.page
      .locator(".sync-result tbody tr")
      .evaluateAll((rows) => rows.map((row) => [...(row as HTMLTableRowElement).cells].map((cell) => cell.innerText)));
  }
}
