/** What keys mean in the grid, apart from those that move. Pure. */

export type GridKey = "panel" | "select" | "select-to" | "copy" | "copy-id" | "filter" | "menu" | "close";

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** `letters` is false if single letters are turned off, or if G came before, which opens a view with the next letter. */
export function gridKey(press: Press, letters: boolean): GridKey | null {
  if (press.altKey) return null;
  if (press.key === "ContextMenu" || (press.key === "F10" && press.shiftKey)) return "menu";
  if (press.ctrlKey || press.metaKey) return press.key.toLowerCase() === "c" ? "copy" : null;
  switch (press.key) {
    case "Enter":
      return "panel";
    case "Escape":
      return "close";
    case " ":
      return press.shiftKey ? "select-to" : "select";
    case "y":
      return letters ? "copy-id" : null;
    case "f":
      return letters ? "filter" : null;
    default:
      return null;
  }
}
