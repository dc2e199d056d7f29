/** Describes the progress and the result of an export. */
import { count, duration, plural, size } from "../../number";
import type { ExportFacts } from "./exporting";

/** "12,000 of 100,000 rows, 4,200 rows a second, 0:21 left" */
export function exportProgress({ rows, total, hidden, tookMs }: ExportFacts): string {
  const read = total === null ? plural(rows, "row") : `${count(rows)} of ${plural(total, "row")}`;
  const rate = tookMs > FEWEST_MS ? (rows / tookMs) * 1_000 : 0;
  if (rate === 0) return read;
  const left = total === null ? null : Math.max(0, total - (hidden ?? 0) - rows) / rate;
  const speed = `${read}, ${plural(Math.round(rate), "row")} a second`;
  return left === null ? speed : `${speed}, ${clock(left)} left`;
}

/** Between 0 and 1; null if the total is unknown. */
export function exportShare({ rows, total, hidden }: ExportFacts): number | null {
  if (total === null) return null;
  return total === 0 ? 1 : Math.min(1, (rows + (hidden ?? 0)) / total);
}

export function exportResult(facts: ExportFacts): string {
  const { rows, hidden, bytes, tookMs, complete, partial, fromMemory, cut } = facts;
  const saved = `Saved ${plural(rows, "row")}, ${size(bytes)}, in ${duration(tookMs)}.`;
  const notes = [
    partial ? "These are the rows up to where the export was stopped." : "",
    !fromMemory && !partial && !complete ? "The instance's count does not prove that they are all." : "",
    fromMemory && !complete ? "The query may find more: its reading did not come to a proven end." : "",
    hidden ? `Access rules hide ${plural(hidden, "row")} from this user.` : "",
    cut > 0 ? `${plural(cut, "text")} had more than the 32,767 characters that Excel takes, and were cut.` : "",
  ];
  return [saved, ...notes].filter(Boolean).join(" ");
}

/** Minutes and seconds. */
function clock(seconds: number): string {
  const whole = Math.ceil(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** Before that a rate says nothing. */
const FEWEST_MS = 300;
