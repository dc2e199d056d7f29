/** Writes that are looked up before they are repeated, or guarded: a file of its own, loaded with the first of them. */

export { create } from "./create.js";
export { remove, update } from "./update-delete.js";
