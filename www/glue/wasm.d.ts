import type { WasmSource } from "./index.js";

/** A WebAssembly file of the package, compiled, where a bundler gives that (Wrangler), or its address (`sysparm/sysparm.wasm?url` in Vite). */
declare const file: WasmSource;
export default file;
