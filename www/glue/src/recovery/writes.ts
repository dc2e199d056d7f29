/** Writes with recovery or a guard, loaded with the first of them. */

export { findBy, upsert } from "./by-key.js";
export { create } from "./create.js";
export { remove, update } from "./update-delete.js";
