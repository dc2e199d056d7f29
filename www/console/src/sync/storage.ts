/** How much the browser keeps for this page, and whether it may throw it away by itself. */

export interface Storage {
  used: number;
  /** What the browser gives at most. */
  most: number;
  /** Whether it keeps everything until the person removes it. */
  persisted: boolean;
}

/** Null where the browser does not say. */
export async function storageNow(): Promise<Storage | null> {
  try {
    const [{ usage, quota }, persisted] = await Promise.all([
      navigator.storage.estimate(),
      navigator.storage.persisted(),
    ]);
    return usage === undefined || quota === undefined ? null : { used: usage, most: quota, persisted };
  } catch {
    return null;
  }
}

/** Asks the browser, which may ask the person. False where it refuses. */
export async function askToPersist(): Promise<boolean> {
  try {
    return await navigator.storage.persist();
  } catch {
    return false;
  }
}
