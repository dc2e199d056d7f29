/** The wait of a call for a file of the package, which may never come. */
import { type Cancellation, sharedListener } from "../protocol/cancellation.js";
import { noop } from "../shared/page-requests.js";

/** How an instance ends its calls. */
export interface Closing {
  /** Aborted by `close()`. */
  closing: Cancellation;
  /** The error of what `close()` has ended. */
  closed(): Error;
}

/** What the file gives. The signal and `close()` end the wait. */
export async function fileInTime<T>(
  file: Promise<T>,
  { closing, closed }: Closing,
  signal: AbortSignal | Cancellation | undefined,
): Promise<T> {
  const ends = signal ? [closing, sharedListener(signal)] : [closing];
  let stop: () => void = noop;
  const ended = new Promise<never>((_, reject) => {
    stop = () => reject(closing.aborted ? closed() : signal?.reason);
  });
  for (const end of ends) end.addEventListener("abort", stop);
  if (closing.aborted || signal?.aborted) stop();
  try {
    return await Promise.race([ended, file]);
  } finally {
    for (const end of ends) end.removeEventListener("abort", stop);
  }
}
