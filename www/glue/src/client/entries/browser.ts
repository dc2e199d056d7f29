/** Browsers. Bundlers that follow `new URL(..., import.meta.url)` copy the WebAssembly; of the others the embedded copy is loaded. */
import { explainBy } from "../explain.js";
import { core, walks } from "../wasm.js";

/** Its WebAssembly is loaded with the first failure, or by its first call. */
const classifier = () => import("../../classify/browser.js");
explainBy(classifier);

core.arriveBy(
  async () => {
    // A browser never repeats an import that failed. The first failure may be that of the network, so the script is imported before.
    void classifier().catch(() => undefined);
    return new URL("./sysparm.wasm", import.meta.url);
  },
  () => import("./sysparm-embedded.js"),
);

walks.arriveBy(
  () => new URL("./pages.wasm", import.meta.url),
  () => import("./pages-embedded.js"),
);

export * from "./index.js";

export const classify: typeof import("sysparm").classify = async (...given) => (await classifier()).classify(...given);
