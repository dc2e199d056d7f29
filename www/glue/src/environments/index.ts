/** `sysparm/environments`: the facts of an environment, and how those of several differ. No WebAssembly, and not part of the client. */
export { audit, tablesOf } from "./audit/index.js";
export { auditMarkdown, auditText } from "./audit/text.js";
export { traffic } from "./audit/traffic/index.js";
export { compare } from "./compare.js";
export { comparisonMarkdown, comparisonText } from "./comparison-text.js";
export { readInventory } from "./inventory.js";
export { runbook } from "./runbook/index.js";
