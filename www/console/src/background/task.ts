/**
 * Runs work in a Worker, so that the page stays usable, and ends it with its Worker when it takes too long or is cancelled.
 * Calls wait for each other. `serve` is the other side.
 */

/** The parts of a Worker that are used here. */
export interface WorkerLike {
  onmessage: ((event: MessageEvent) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}

/** The work took longer than its limit and was stopped. */
export class TaskLate extends Error {
  override readonly name = "TaskLate";
}

export interface TaskOptions {
  /** Milliseconds, from the moment when the Worker has started. None by default. */
  limitMs?: number;
  signal?: AbortSignal;
}

/** `keep` keeps the Worker for the next call; otherwise it ends with each, and its memory with it. */
export function createTask<Input, Output>(spawn: () => Promise<WorkerLike>, keep: boolean) {
  let idle: WorkerLike | null = null;
  let last: Promise<unknown> = Promise.resolve();

  /** Rejects with what the work threw, with `TaskLate`, or with the reason of the signal. */
  function run(input: Input, options: TaskOptions = {}): Promise<Output> {
    const turn = last.then(() => once(input, options));
    last = turn.catch(() => undefined);
    return turn;
  }

  async function once(input: Input, { limitMs, signal }: TaskOptions): Promise<Output> {
    signal?.throwIfAborted();
    const worker = idle ?? (await spawn());
    idle = null;
    return new Promise<Output>((resolve, reject) => {
      let began = false;
      let timer = setTimeout(() => stop(new Error(NOT_STARTED)), START_MS);
      const cancel = () => stop(signal?.reason);
      signal?.addEventListener("abort", cancel);
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", cancel);
        worker.onmessage = null;
        worker.onerror = null;
      };
      const stop = (reason: unknown) => {
        end();
        worker.terminate();
        reject(reason);
      };
      worker.onerror = () => stop(new Error(began ? ENDED : NOT_STARTED));
      worker.onmessage = ({ data }) => {
        const message = data as Message<Output>;
        if ("began" in message) {
          began = true;
          clearTimeout(timer);
          if (limitMs !== undefined)
            timer = setTimeout(() => stop(new TaskLate(`Stopped after ${limitMs} ms.`)), limitMs);
          return;
        }
        end();
        if (keep) idle = worker;
        else worker.terminate();
        if ("value" in message) resolve(message.value);
        else reject(Object.assign(new Error(message.problem), { name: message.name }));
      };
      // A Worker that is still loading takes it once it has loaded.
      worker.postMessage(input);
      if (signal?.aborted) cancel();
    });
  }

  return { run };
}

type Message<Output> = { began: true } | { value: Output } | { problem: string; name: string };

/** What a Worker has of its global object. */
export interface WorkerScope {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown): void;
}

/** Answers the calls of `createTask` in a Worker. Values pass by structured clone; of an error its name and message pass. */
export function serve<Input, Output>(
  work: (input: Input) => Output | Promise<Output>,
  scope: WorkerScope = self as unknown as WorkerScope,
): void {
  const post = (message: Message<Output>) => scope.postMessage(message);
  scope.onmessage = async ({ data }) => {
    post({ began: true });
    try {
      post({ value: await work(data as Input) });
    } catch (thrown) {
      const { name, message } = thrown instanceof Error ? thrown : { name: "Error", message: String(thrown) };
      post({ problem: message, name });
    }
  };
}

const START_MS = 15_000;
const NOT_STARTED = "The browser did not start a Worker for this. Reload the page and try again.";
const ENDED = "The browser ended this work before it was done. Try again, or with a smaller file or text.";
