import type { Status } from "sysparm";

/** The status of an instance that is closed. */
export const CLOSED_STATUS: Status = {
  token: { state: "absent", generation: 0 },
  callsUnderWay: 0,
  breaker: { state: "closed" },
  concurrency: { limit: 0, out: 0, waiting: 0 },
  rate: [],
};
