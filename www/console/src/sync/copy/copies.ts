/** The local copies of environments, from the page's side: each call is one task of the Worker. */
import { createTask, type TaskOptions } from "../../background/task";
import { trustedScript } from "../../background/trusted";
import type { Operation, Operations, Task } from "./model";
import address from "./worker?worker&url";

const task = createTask<Task, Operations[Operation]["output"]>(
  async () => new Worker(trustedScript(address), { type: "module" }),
  true,
);

export type Copies = typeof askCopies;

/**
 * Calls of a page wait for each other. A signal ends the Worker, and the next call starts another.
 * @throws Error with one of the names of `failure.ts`
 */
export async function askCopies<O extends Operation>(
  operation: O,
  environment: string,
  input: Operations[O]["input"],
  options?: TaskOptions,
): Promise<Operations[O]["output"]> {
  return (await task.run({ operation, environment, ...input } as Task, options)) as Operations[O]["output"];
}
