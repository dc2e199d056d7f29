/** Splits addresses and encoded fields into the model's decoded pairs. */

import { replaceMarks } from "../../tester/variables";
import { METHODS, type Method, newPair, type Pair } from "../../workspace/model";
import type { Intake, Where } from "./intake";

export interface Split {
  address: string;
  parameters: Pair[];
  /** Name and password before the host, decoded. */
  user?: { name: string; password: string };
}

/** `{{name}}` may stand anywhere, so that `URL` cannot parse it. The fragment is dropped: it is never sent. */
export function splitAddress(typed: string): Split {
  const whole = withoutFragment(typed.trim());
  const mark = whole.indexOf("?");
  const front = mark < 0 ? whole : whole.slice(0, mark);
  const parameters = mark < 0 ? [] : splitFields(whole.slice(mark + 1));
  const user = /^([a-z][a-z0-9+.-]*:\/\/)([^/@]*)@(.*)$/i.exec(front);
  if (!user) return { address: front, parameters };
  const [name = "", ...password] = (user[2] ?? "").split(":");
  return {
    address: `${user[1]}${user[3]}`,
    parameters,
    user: { name: decode(name), password: decode(password.join(":")) },
  };
}

/** `a=1&b=2` as pairs. */
export function splitFields(encoded: string): Pair[] {
  return encoded
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const equals = part.indexOf("=");
      return equals < 0
        ? newPair(decode(part), "")
        : newPair(decode(part.slice(0, equals)), decode(part.slice(equals + 1)));
    });
}

/** A text with a lone `%` stays as it is. */
export function decode(encoded: string): string {
  const spaced = encoded.replaceAll("+", " ");
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    return spaced;
  }
}

/** A method that the model does not have becomes GET and is reported. */
export function methodOf(given: string, intake: Intake, where: Where): Method {
  const upper = given.trim().toUpperCase();
  const known = METHODS.find((method) => method === upper);
  if (known) return known;
  if (upper !== "")
    intake.lose(where, `method ${upper.slice(0, 20)}`, "requests have one of seven methods; GET stands instead");
  return "GET";
}

function withoutFragment(address: string): string {
  const mark = replaceMarks(address, (_, whole) => "x".repeat(whole.length)).indexOf("#");
  return mark < 0 ? address : address.slice(0, mark);
}
