/** JSON for standard output. */

/** What `JSON.stringify()` leaves as it is, and a terminal obeys: DEL, C1 controls, and marks that change the direction of writing. */
const CONTROLS = /[\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** With these characters escaped: a parser reads the same value. `indent` as of `JSON.stringify()`. */
export function jsonText(value: unknown, indent?: number): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value, null, indent).replace(CONTROLS, escaped);
}
