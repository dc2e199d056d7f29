/** The WebAssembly of the practice instance, loaded by the first `practiceInstance()`. */
import * as generated from "../../testing-wasm/dist/testing.js";
import { refusal, SysparmError } from "../errors/index.js";
import { BROKEN, trapped, WasmModule } from "../shared/wasm-module.js";

export type Simulated = InstanceType<typeof generated.PracticeInstance>;
type Held = ReturnType<Simulated["handle"]>;
/** A reply, copied out of the memory of the WebAssembly. */
export type Answer = Readonly<
  Pick<Held, "status" | "headers" | "body" | "filler" | "delay" | "lost" | "broken" | "rate">
>;

export const simulations = new WasmModule<typeof generated>(
  "sysparm/testing",
  generated.default,
  (cause) =>
    new SysparmError(trapped("sysparm/testing", "create another practice instance"), refusal(BROKEN, "instance"), {
      cause,
    }),
);

export const load: typeof import("sysparm/testing").load = (source) => simulations.load(source);

/** Answers a request. The reply's memory is free at once: a collector may never run within a test. */
export function handled(simulated: Simulated, ...request: Parameters<Simulated["handle"]>): Answer {
  const held = simulated.handle(...request);
  const { status, headers, body, filler, delay, lost, broken, rate } = held;
  held.free();
  return { status, headers, body, filler, delay, lost, broken, rate };
}
