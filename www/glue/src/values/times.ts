/**
 * Instants, days and durations in the platform's formats. A raw date-time is UTC. A label is wall-clock time of the user and is read only
 * with a time zone and formats. A wall-clock time that occurs twice or never has no instant.
 */
import type { DisplayTimes } from "sysparm/values";
import { refused, refuseValue } from "./error.js";

const STAMP = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/;

/** Parses a raw date-time; undefined for any other text. */
export function fromStamp(text: string): Date | undefined {
  const found = STAMP.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as [number, ...number[]];
  if (hour === undefined || hour > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const instant = new Date(Date.UTC(2000, Number(month) - 1, day, hour, minute, second));
  // Date.UTC() takes the year 26 for 1926.
  instant.setUTCFullYear(year, Number(month) - 1, day);
  // Date.UTC() turns the 30th of February into the 2nd of March, and month 13 into the next year's first.
  return instant.getUTCDate() === day && instant.getUTCMonth() === Number(month) - 1 ? instant : undefined;
}

/** An instant as a raw date-time, truncated to seconds. */
export function stamp(instant: Date): string {
  return instant.toISOString().slice(0, 19).replace("T", " ");
}

/** Whether the platform's format can express an instant. */
export function isWritable(instant: Date): boolean {
  const time = instant.getTime();
  return time >= FIRST && time <= LAST;
}

const FIRST = Date.parse("0000-01-01T00:00:00Z");
const LAST = Date.parse("9999-12-31T23:59:59.999Z");

/** Whether a text is a day of the calendar, `2026-02-28`. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && fromStamp(`${text} 00:00:00`) !== undefined;
}

/** The time of day in a raw value, which is a time or a date-time of 1970-01-01; undefined for anything else. */
export function timeOfDay(text: string): string | undefined {
  const time = text.startsWith("1970-01-01 ") ? text.slice(11) : text;
  return time.length === 8 && fromStamp(`1970-01-01 ${time}`) ? time : undefined;
}

/** Parses wall-clock times of one zone and format. */
export class Clock {
  readonly #parts: readonly string[];
  readonly #pattern: RegExp;
  readonly #wall: Intl.DateTimeFormat;

  /** @throws ValueError for a zone or a format that is none */
  constructor({ timeZone, dateFormat, timeFormat }: DisplayTimes) {
    const format = `${dateFormat} ${timeFormat}`;
    const parts: string[] = [];
    const pattern = format.replace(/([A-Za-z])\1*|[^A-Za-z]/g, (part) => {
      const digits = TOKENS[part];
      if (digits !== undefined && !parts.includes(part)) {
        parts.push(part);
        return digits;
      }
      if (/[A-Za-z']/.test(part))
        throw refused(
          "",
          `Invalid option \`display\`: ${part} in the format ${format}. Pass yyyy, MM, dd, HH or hh, mm, ss and a.`,
        );
      return part.replace(/[$()*+.?[\\\]^{|}/-]/, "\\$&");
    });
    const hours = parts.includes("HH") || (parts.includes("hh") && parts.includes("a"));
    if (!["yyyy", "MM", "dd", "mm"].every((part) => parts.includes(part)) || !hours) {
      throw refused(
        "",
        `Invalid option \`display\`: the format ${format}. Pass one with year, month, day, hour and minute.`,
      );
    }
    this.#parts = parts;
    this.#pattern = new RegExp(`^${pattern}$`);
    try {
      const two = "2-digit";
      const clock = { hour: two, minute: two, second: two, hourCycle: "h23" } as const;
      this.#wall = new Intl.DateTimeFormat("en-US", { timeZone, year: "numeric", month: two, day: two, ...clock });
    } catch {
      throw refused("", `Invalid option \`display.timeZone\`: ${timeZone}. Pass an IANA zone, such as Europe/Berlin.`);
    }
  }

  /** The instant at which the wall clock shows this. @throws Refused when it does so never or twice, or it is no time */
  read(text: string): Date {
    const found = this.#pattern.exec(text);
    if (!found) return refuseValue("instant", "is not of the form given");
    const of = (part: string) => found[this.#parts.indexOf(part) + 1] ?? "00";
    let hour = of("HH");
    if (this.#parts.includes("hh")) {
      const half = Number(of("hh"));
      if (half < 1 || half > 12) refuseValue("instant", "has no such hour");
      hour = String((half % 12) + (/^p/i.test(of("a")) ? 12 : 0)).padStart(2, "0");
    }
    const wall = fromStamp(`${of("yyyy")}-${of("MM")}-${of("dd")} ${hour}:${of("mm")}:${of("ss")}`);
    if (!wall) return refuseValue("instant", "is no time of the calendar");
    const near = [-DAY, 0, DAY].map((distance) => this.#offset(wall.getTime() + distance));
    const candidates = [...new Set(near)].map((offset) => wall.getTime() - offset);
    const instants = candidates.filter((time) => this.#offset(time) === wall.getTime() - time);
    if (instants.length > 1) refuseValue("instant", "is shown twice by the clocks of that zone");
    const [instant] = instants;
    return instant === undefined
      ? refuseValue("instant", "is never shown by the clocks of that zone")
      : new Date(instant);
  }

  /** How far the zone's clocks are ahead of UTC, in milliseconds. */
  #offset(time: number): number {
    const parts = Object.fromEntries(this.#wall.formatToParts(time).map(({ type, value }) => [type, value]));
    const { year = "", month, day, hour, minute, second } = parts;
    const wall = fromStamp(`${year.padStart(4, "0")}-${month}-${day} ${hour}:${minute}:${second}`);
    return (wall?.getTime() ?? Number.NaN) - Math.floor(time / 1000) * 1000;
  }
}

const DAY = 86_400_000;

/** The letters of Java's date formats, which `sys_user.date_format` and `time_format` use. */
const TOKENS: Record<string, string> = {
  yyyy: "(\\d{4})",
  MM: "(\\d\\d)",
  dd: "(\\d\\d)",
  HH: "(\\d\\d)",
  hh: "(\\d\\d)",
  mm: "(\\d\\d)",
  ss: "(\\d\\d)",
  a: "([AaPp][Mm])",
};
