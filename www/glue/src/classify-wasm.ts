/** The WebAssembly of diagnoses, instantiated when the first reply is classified. */
import initialise, { Classifier, initSync } from "../classify-wasm/dist/classify.js";
import { Once } from "./once.js";

export { Classifier };

export const classifiers = new Once("sysparm's classify()", initialise, initSync);
