import { COMMON_COLUMNS } from "./common-columns.js";

/** Columns that only the instance sets; it drops them from a write without a word. */
export const AUTOMATIC_COLUMNS: readonly string[] = [...Object.keys(COMMON_COLUMNS), "sys_tags"];
