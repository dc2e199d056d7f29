/** The same in Chromium. esbuild finds cockatiel where the benchmarks install it. */
import * as cockatiel from "cockatiel";
import { policies } from "./cockatiel.ts";

export { overheads } from "./loops.ts";
export const { limited } = policies(cockatiel);
