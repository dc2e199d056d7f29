/** The form in which values are read and shown. */
import type { DisplayValue, Value } from "sysparm";

export const VALUES = ["raw", "display", "both"] as const;
export type Values = (typeof VALUES)[number];

export const VALUE_WORDS: Record<Values, string> = { raw: "Raw values", display: "Display values", both: "Both" };

export function displayOption(values: Values): DisplayValue {
  if (values === "both") return "all";
  return values === "display";
}

/** The text of a cell; of two forms the display value. */
export function cellText(value: Value | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  return value.display_value ?? value.value ?? "";
}

/** The raw value where it differs from the display value; empty otherwise. */
export function secondText(value: Value | undefined): string {
  if (value === undefined || typeof value === "string") return "";
  return value.value === value.display_value ? "" : (value.value ?? "");
}

/** The raw value, or null where the row was read as display values only. */
export function rawText(value: Value | undefined, values: Values): string | null {
  if (values === "display") return null;
  if (value === undefined) return "";
  return typeof value === "string" ? value : (value.value ?? "");
}
