/** Batches, imports and uploads that are looked up when their answer is lost: a file of its own, loaded with the first of them. */
export { aimed, recovering } from "./batch.js";
export { importing } from "./import.js";
export { uploading } from "./upload.js";
