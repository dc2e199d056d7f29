/** Writes that are looked up before they are repeated, or guarded: a file of its own, loaded with the first of them. */
export { remove, update } from "./safe-changes.js";
export { create } from "./safe-create.js";
