/** The WebAssembly of the doctor, loaded by the first examination or by `load()`. */
import * as generated from "../../doctor-wasm/dist/doctor.js";
import { WasmModule } from "../shared/wasm-module.js";

export type Doctor = InstanceType<typeof generated.Doctor>;

export const doctors = new WasmModule<typeof generated>("sysparm/doctor", generated.default);

export const load: typeof import("sysparm/doctor").load = (source) => doctors.load(source);
