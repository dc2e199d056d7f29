/** `sysparm/environments`: the facts of an environment, and how those of several differ. No WebAssembly, and not part of the client. */
export { readInventory } from "./inventory.js";
