/** Node, Deno and Bun. */

import { compiled } from "../../shared/embedded.js";
import { decodePage } from "../effects/decoding.js";
import { decodeBy } from "../effects/read-reply.js";
import { explainBy } from "../explain.js";
import { core, walks } from "../wasm.js";

core.arriveBy(() => compiled(import("./sysparm-embedded.js")));
walks.arriveBy(() => compiled(import("./pages-embedded.js")));

decodeBy(decodePage);

export * from "./index.js";

/** Loaded with the first failure, or by its first call. */
const classifier = () => import("../../classify/node.js");
explainBy(classifier);

export const classify: typeof import("sysparm").classify = async (...given) => (await classifier()).classify(...given);
