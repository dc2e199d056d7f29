import { check } from "./program.js";

/* global test, process */
test("program says what it should", async () => {
  const { writeFileSync } = await import("node:fs");
  writeFileSync("said", await check(process.env.INSTANCE).catch(String));
});
