/** Workers cannot compile WebAssembly from bytes; they import it compiled. */

import { explainBy } from "../explain.js";
import { core, walks } from "../wasm.js";
import pages from "./pages.wasm";
import module from "./sysparm.wasm";

core.arriveBy(async () => module);
walks.arriveBy(() => pages);

export * from "./index.js";

/** Loaded with the first failure, or by its first call. */
const classifier = () => import("../../classify/workerd.js");
explainBy(classifier);

export const classify: typeof import("sysparm").classify = async (...given) => (await classifier()).classify(...given);
