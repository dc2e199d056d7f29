/** Batches, imports and uploads with recovery, loaded with the first of them. */
export { batchRecovery, withTarget } from "./batch.js";
export { importRecovery } from "./import.js";
export { uploadRecovery } from "./upload.js";
