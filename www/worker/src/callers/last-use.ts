/** When a caller's use is reported to the registry: seldom, because each report is a write. */

/** At most one report per caller and isolate in this time. */
const REPORT_EVERY_MS = 3_600_000;

/** The reports of one tenant's callers; as many as the tenant has callers. */
export class LastUse<Caller extends object> {
  readonly #reported = new Map<Caller, number>();

  /** Whether this use is to be reported now. Says so once in an hour. */
  isDue(caller: Caller, now: number): boolean {
    const reported = this.#reported.get(caller);
    // A clock that runs backwards must not end the reports.
    if (reported !== undefined && now >= reported && now - reported < REPORT_EVERY_MS) return false;
    this.#reported.set(caller, now);
    return true;
  }
}
