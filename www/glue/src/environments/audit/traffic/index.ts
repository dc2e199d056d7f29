/** `traffic()`: recorded calls of every kind, read into what they needed. */

import type { Traffic, TrafficOptions } from "sysparm/environments";
import { requestError } from "../../../errors/index.js";
import { checkOptions, LIST, type OptionTypes, TEXT } from "../../../protocol/check-options.js";
import { countCall } from "./count.js";
import { callsOf, recordedEntries } from "./recorded.js";
import { Tally } from "./tally.js";

const OPTIONS: OptionTypes<TrafficOptions> = {
  user: TEXT,
  origin: {
    expects: 'an address, such as "https://dev12345.service-now.com"',
    accepts: (value) => typeof value === "string" && URL.canParse(value),
  },
  schemas: LIST,
};

export function traffic(recorded: unknown, options: TrafficOptions = {}): Traffic {
  checkOptions(options, OPTIONS, requestError);
  if (recordedEntries(recorded) === undefined) {
    const supported = "a HAR log, a journal, lines of JSON, or a list of calls with method, path and status";
    throw requestError("options.type", `Invalid argument \`recorded\`: it holds no calls. Pass ${supported}.`);
  }
  const { user, origin, schemas = [] } = options;
  const own = origin === undefined ? null : new URL(origin).origin;
  const tally = new Tally();
  for (const call of callsOf(recorded)) {
    const isOther =
      !call ||
      call.method === "OPTIONS" ||
      (user !== undefined && call.user !== null && call.user !== user) ||
      (own !== null && call.origin !== null && call.origin !== own);
    if (isOther || !countCall({ tally, schemas }, call)) {
      tally.passedOver += 1;
      continue;
    }
    tally.sender(call.user, /^\/oauth_/.test(call.path) ? null : call.means, call.at);
  }
  return tally.result();
}
