/** The Worker of `source.ts`. It ends with each import, and its memory with it. */
import { createTask } from "../../background/task";
import { trustedScript } from "../../background/trusted";
import type { Imported } from "../../workspace/model";
import type { Source } from "./source";
import address from "./source-worker?worker&url";

export const sourceTask = createTask<Source, Imported>(
  async () => new Worker(trustedScript(address), { type: "module" }),
  false,
);
