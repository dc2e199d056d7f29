/** A signal as a promise, which ends a future of the driver when it resolves. */

export function cancellation(signal: AbortSignal | undefined | null) {
  let end: () => void = () => undefined;
  const cancelled = new Promise<void>((resolve) => {
    end = resolve;
  });
  signal?.addEventListener("abort", end);
  return { cancelled, forget: () => signal?.removeEventListener("abort", end) };
}

/** Drops a reading, and with it its requests. */
export function ended(reading: { free(): void }): void {
  reading.free();
}
