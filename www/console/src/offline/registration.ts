/**
 * Registers the service worker, so that the console starts without a network from the second visit on.
 * Its script's address is the only one that the page's Trusted Types policy allows (policy.ts of the build).
 */

/** The parts of Trusted Types that are used here. The DOM types of TypeScript lack them, and so do some browsers. */
interface Factory {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): { createScriptURL(address: string): unknown };
}

const SCRIPT = "./service-worker.js";

async function register(): Promise<void> {
  const rules = {
    createScriptURL: (address: string) => {
      if (address !== SCRIPT) throw new TypeError(`${address} is not the service worker of the console`);
      return address;
    },
  };
  const { trustedTypes } = globalThis as { trustedTypes?: Factory };
  const policy = trustedTypes?.createPolicy("sysparm-console", rules) ?? rules;
  await navigator.serviceWorker.register(policy.createScriptURL(SCRIPT) as string);
}

// After everything that the first view needs, because the service worker downloads every file of the console.
// A browser that refuses (a private window, a full disk) still has the console, with a network.
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  const begin = () => void register().catch(() => undefined);
  // The page's script may wait for its database longer than the page takes to load.
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
}
