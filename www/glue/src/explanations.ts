/** The words of every cause, as the core's table has them; the JSON is generated, and a test keeps it current. */
import words from "./explanations/causes.json";

export const explanations: Record<string, { title: string; tellApart: string; fix: string[]; source: string }> = words;
