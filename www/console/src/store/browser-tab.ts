/** The id of this tab of the browser. It outlives a reload, and no two open tabs have the same. */

export interface BrowserTab {
  /** The id that this tab had before a reload. A duplicated tab has that of the other from the first. Empty if none. */
  former: () => string;
  /** Ids of the tabs that are open. */
  open: () => Promise<ReadonlySet<string>>;
  /** Takes an id for as long as the page is there, and keeps it for a reload. False: another tab has it. */
  claim: (id: string) => Promise<boolean>;
}

const MEMBER = "sysparm-console-tab";
/** Of a Web Lock; the id follows. */
const LOCK = "sysparm-console-tab ";
/** For the page before a reload, whose lock may end a moment after this page began. */
const WAIT_MS = 500;

/** Without Web Locks (a page that is not secure) every id is free. */
function pageTab(): BrowserTab {
  const locks = globalThis.navigator?.locks as LockManager | undefined;
  const claims = new Map<string, Promise<boolean>>();

  async function take(id: string): Promise<boolean> {
    if (locks && !(await hold(locks, LOCK + id))) return false;
    session()?.setItem(MEMBER, id);
    return true;
  }

  return {
    former: () => session()?.getItem(MEMBER) ?? "",
    open: async () => {
      const held = (await locks?.query())?.held ?? [];
      return new Set(held.flatMap(({ name }) => (name?.startsWith(LOCK) ? [name.slice(LOCK.length)] : [])));
    },
    claim: (id) => {
      const claim = claims.get(id) ?? take(id);
      claims.set(id, claim);
      return claim;
    },
  };
}

/** Whether the lock could be had. It is held until the page ends. */
function hold(locks: LockManager, name: string): Promise<boolean> {
  return new Promise((resolve) => {
    const granted = () => {
      resolve(true);
      return new Promise<never>(() => undefined);
    };
    locks.request(name, { signal: AbortSignal.timeout(WAIT_MS) }, granted).catch(() => resolve(false));
  });
}

/** What the browser keeps for this tab until it is closed. Undefined where it keeps nothing for the page. */
export function session(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}

/** Of this page. */
export const browserTab = pageTab();
