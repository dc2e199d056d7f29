/** The Worker of `limited.ts`, started with the first pattern. */
import { createTask } from "../background/task";
import { trustedScript } from "../background/trusted";
import type { Work, Worked } from "./limited";
import address from "./limited-worker?worker&url";

export const limitedTask = createTask<Work, Worked>(
  async () => new Worker(trustedScript(address), { type: "module" }),
  true,
);
