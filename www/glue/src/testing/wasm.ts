/** The WebAssembly of the practice instance, loaded by the first `practiceInstance()`. */
import * as generated from "../../testing-wasm/dist/testing.js";
import { refusal, SysparmError } from "../errors/index.js";
import { BROKEN, trapped, WasmModule } from "../shared/wasm-module.js";

export type Answer = ReturnType<Simulated["handle"]>;
export type Simulated = InstanceType<typeof generated.PracticeInstance>;

export const simulations = new WasmModule<typeof generated>(
  "sysparm/testing",
  generated.default,
  (cause) =>
    new SysparmError(trapped("sysparm/testing", "create another practice instance"), refusal(BROKEN, "instance"), {
      cause,
    }),
);

export const load: typeof import("sysparm/testing").load = (source) => simulations.load(source);
