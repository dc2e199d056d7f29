/** Batches, imports and uploads that are looked up when their answer is lost: a file of its own, loaded with the first of them. */
export { aimed, recovering } from "./safe-batch.js";
export { importing } from "./safe-import.js";
export { uploading } from "./safe-upload.js";
