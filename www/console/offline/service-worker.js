/**
 * Keeps the files of the console for starting without a network. The build writes two constants in front of this text: FILES, the
 * addresses of the built files relative to this one, and VERSION, a hash of their contents.
 *
 * Nothing else is ever stored: a request for anything but one of these files goes to the network as if there were no service worker,
 * so no reply of an instance or of the edge worker passes through here. A new version waits until every tab of the former one is
 * closed, because a page loads parts on demand and must find those of its own build.
 */
// Several consoles may be served from different paths of one origin, which share its caches.
const OWN = `sysparm-console ${self.registration.scope} `;
const CURRENT = OWN + VERSION;
const START = new URL("./", self.registration.scope).href;
const KNOWN = new Set(FILES.map((file) => new URL(file, START).href));

self.addEventListener("install", (event) => event.waitUntil(keepFiles()));
self.addEventListener("activate", (event) => event.waitUntil(dropFormer()));
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  address.search = "";
  address.hash = "";
  const wanted = address.href === `${START}index.html` ? START : address.href;
  if (event.request.method === "GET" && KNOWN.has(wanted)) event.respondWith(answer(wanted, event.request));
});

/** All files or none: a failed download rejects, and the former version stays. */
async function keepFiles() {
  const cache = await caches.open(CURRENT);
  // The browser asks the server again, because a file of the former version may be in its HTTP cache under the same name.
  await cache.addAll([...KNOWN].map((address) => new Request(address, { cache: "no-cache" })));
}

async function dropFormer() {
  for (const name of await caches.keys()) if (name.startsWith(OWN) && name !== CURRENT) await caches.delete(name);
}

async function answer(address, request) {
  const cache = await caches.open(CURRENT);
  return (await cache.match(address)) ?? fetch(request);
}
