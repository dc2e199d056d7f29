/**
 * Tries every combination, or those whose name holds an argument: `node --import tsx tests/matrix/run.ts next`. A whole run writes the table
 * of the package's documentation. Ends with "N passed, N failed".
 */
import { readFileSync, writeFileSync } from "node:fs";
import { launchChromium } from "../harness/chromium.ts";
import { startPracticeInstance } from "../harness/practice-instance.ts";
import { COMBINATIONS, type Combination } from "./combinations.ts";
import { packPackage } from "./project.ts";
import { tableOf, withTable } from "./readme-table.ts";
import { tryCombination } from "./try-combination.ts";

const TABLE = "www/glue/docs/browsers.md";
const wanted = process.argv[2] ?? process.env.TOOL ?? "";
const name = ({ tool, use }: Combination) => `${tool}: ${use}`;
const selected = COMBINATIONS.filter((one) => name(one).toLowerCase().includes(wanted.toLowerCase()));
if (selected.length === 0) throw new Error(`no combination holds ${wanted}. Combinations: ${COMBINATIONS.map(name)}`);

const failed = new Set<Combination>();
const { tarball, remove } = await packPackage();
const instance = await startPracticeInstance("--rows", "200", "--quiet");
const browser = await launchChromium();
try {
  for (const one of selected) {
    const began = Date.now();
    const wrong = await tryCombination(one, { tarball, instance: instance.url, browser }).catch((thrown) => [
      `${thrown}`,
    ]);
    if (wrong.length > 0) failed.add(one);
    console.log(
      `${wrong.length > 0 ? "FAILED" : "passed"} ${name(one)} (${Math.round((Date.now() - began) / 1000)} s)`,
    );
    for (const text of wrong) console.log(text);
  }
} finally {
  await browser.close();
  await instance.stop();
  remove();
}
if (wanted === "") writeFileSync(TABLE, withTable(readFileSync(TABLE, "utf8"), tableOf(COMBINATIONS, failed)));
console.log(`${selected.length - failed.size} passed, ${failed.size} failed`);
process.exitCode = failed.size > 0 ? 1 : 0;
