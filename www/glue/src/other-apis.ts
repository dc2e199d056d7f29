/** The calls beside tables, in a file of their own that is loaded with the first of them. */
export { aggregate } from "./aggregate.js";
export { download, list, remove as delete, upload } from "./attachments.js";
export { batch, joining } from "./batch.js";
export { insert, insertMultiple, results } from "./import-set.js";
