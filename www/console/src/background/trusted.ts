/**
 * The addresses of scripts that the page may start: the service worker, and the Workers among its built files. Under Trusted Types they
 * pass the page's one policy (policy.ts of the build); a second policy of that name is refused, so it stands here.
 */

/** The parts of Trusted Types that are used here. The DOM types of TypeScript lack them, and so do some browsers. */
interface Factory {
  createPolicy(name: string, rules: Rules): { createScriptURL(address: string): unknown };
}

interface Rules {
  createScriptURL(address: string): string;
}

export const SERVICE_WORKER = "./service-worker.js";

let policy: { createScriptURL(address: string): unknown } | undefined;

/** The address, for a browser that starts no other. @throws TypeError for a foreign address */
export function trustedScript(address: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: Factory };
  policy ??= trustedTypes?.createPolicy("sysparm-console", rules) ?? rules;
  return policy.createScriptURL(address) as string;
}

const rules: Rules = {
  createScriptURL(address) {
    if (address === SERVICE_WORKER || isOwnFile(address)) return address;
    throw new TypeError(`${address} is no script of the console`);
  },
};

/** The development server has its files elsewhere. */
function isOwnFile(address: string): boolean {
  const { origin } = new URL(address, document.baseURI);
  return import.meta.env.PROD ? isBuilt(address, document.baseURI) : origin === location.origin;
}

/** Whether an address is a JavaScript file among those of the build whose page is at `base`: a host may serve others in addition to it. */
export function isBuilt(address: string, base: string): boolean {
  const folder = new URL("./assets/", base).href;
  const { href } = new URL(address, base);
  return href.startsWith(folder) && /^[\w.-]+\.js$/.test(href.slice(folder.length));
}
