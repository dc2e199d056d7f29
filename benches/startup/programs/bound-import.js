/** A bound: the package is imported and not called. Its script is parsed; of its WebAssembly workerd alone compiles what a worker imports. */
import * as sysparm from "sysparm";
import { firstRows, prepare } from "./bare.js";

// Otherwise a bundler leaves the package out.
globalThis.kept = sysparm;

export { firstRows, prepare };
