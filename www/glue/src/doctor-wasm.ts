/** The WebAssembly of the doctor, instantiated when the first examination begins or when it is asked for. */
import initialise, { Doctor, initSync } from "../doctor-wasm/dist/doctor.js";
import { Once } from "./once.js";

export { Doctor };

export const doctors = new Once("sysparm/doctor", initialise, initSync);

export const load: typeof import("sysparm/doctor").load = (source) => doctors.load(source);
