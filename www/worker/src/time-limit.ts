/** A call to a Durable Object has no time limit of its own. */

/** What `run` resolves to. Rejects with a TimeoutError after this time; what runs goes on. */
export async function within<T>(ms: number, run: () => Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException("The time limit has passed.", "TimeoutError")), ms);
  });
  try {
    return await Promise.race([run(), late]);
  } finally {
    if (timer !== undefined) clearTimeout(timer);
  }
}
