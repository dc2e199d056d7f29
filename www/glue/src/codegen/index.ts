/** `sysparm/codegen`: source text of what tables are made of. Pure, without requests and without state. */
export { typescript } from "./typescript.js";
