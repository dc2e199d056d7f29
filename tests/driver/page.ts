/** Runs cases of the package in a page, over the Rust driver. */
import { PARTS } from "../package/cases.js";
import { type Report, run } from "../package/run-cases.js";
import { connect } from "./connect.js";

declare global {
  interface Window {
    runCases(url: string, wanted: string[]): Promise<Report>;
    names: string[];
  }
}

window.names = Object.keys({ ...PARTS.first, ...PARTS.second });
window.runCases = async (url, wanted) => {
  const whole: Report = { passed: [], failed: [] };
  for (const part of ["first", "second"] as const) {
    const { passed, failed } = await run(url, part, connect as never, (name) => wanted.includes(name));
    whole.passed.push(...passed);
    whole.failed.push(...failed);
  }
  return whole;
};
