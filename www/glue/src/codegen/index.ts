/** `sysparm/codegen`: source text of what tables are made of. Pure, without requests and without state. */
export { CodegenError } from "./error.js";
export { jsonSchema } from "./json-schema.js";
export { typescript } from "./typescript.js";
export { valibot } from "./valibot.js";
export { zod } from "./zod.js";
