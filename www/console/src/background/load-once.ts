/** A part of the console that is loaded when it is first needed. */

/** Loads at the first call. After a failure, such as a network that was gone for a second, the next call tries again. */
export function loadOnce<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load().catch(() => {
      loading = undefined;
      throw new Error("A part of the console could not be loaded. Try again, or reload the page.");
    });
    return loading;
  };
}
