/** Writes with recovery or a guard, loaded with the first of them. */

export { create } from "./create.js";
export { remove, update } from "./update-delete.js";
