/** Writes that are looked up before they are repeated, or guarded: a file of its own, loaded with the first of them. */
export { aimed, recovering } from "./safe-batch.js";
export { remove, update } from "./safe-changes.js";
export { create } from "./safe-create.js";
export { importing } from "./safe-import.js";
export { uploading } from "./safe-upload.js";
