/** Registers the service worker, so that the console starts without a network from the second visit on. */
import { SERVICE_WORKER, trustedScript } from "../background/trusted";

async function register(): Promise<void> {
  await navigator.serviceWorker.register(trustedScript(SERVICE_WORKER));
}

// After everything that the first view needs, because the service worker downloads every file of the console.
// A browser that refuses (a private window, a full disk) still has the console, with a network.
if (import.meta.env.PROD && "serviceWorker" in navigator) {
  const begin = () => void register().catch(() => undefined);
  // The page's script may wait for its database longer than the page takes to load.
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
}
