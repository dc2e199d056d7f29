/**
 * Values that the instance evaluates as a script. Only calls that compute a date or name the worker's own user pass: older releases run any
 * script there, which can read every table ("Guarded script" and "Guarded script allowed APIs" of the product documentation).
 */

const ANY_SCRIPT = /javascript\s*:/i;

/** One call with numbers and quoted words as arguments, and nothing before or behind it. */
const HARMLESS_CALL =
  /^javascript:gs\.(?:getUserID|getUserName|dateGenerate|datePart|nowDateTime|(?:minutesAgo|hoursAgo|daysAgo|monthsAgo|quartersAgo|yearsAgo|beginningOf|endOf)[A-Za-z0-9]*)\((?:-?\d{1,6}|'[\w :.-]*'|"[\w :.-]*")?(?:, ?(?:-?\d{1,6}|'[\w :.-]*'|"[\w :.-]*"))*\);?$/;

/** Whether a value of a condition holds no script but harmless ones. */
export function isHarmless(value: string): boolean {
  if (!ANY_SCRIPT.test(value)) return true;
  // `ONToday@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()`
  return value.split("@").every((part) => !ANY_SCRIPT.test(part) || HARMLESS_CALL.test(part));
}
