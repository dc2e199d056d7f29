/**
 * The worker's own errors, in ServiceNow's error envelope, so that every ServiceNow client can read them. The detail always says
 * that the worker sent the error, not the instance. `code` and `causes` say the same to programs.
 */

/** A longer detail is truncated. */
const LONGEST_DETAIL = 4_000;

/** A possible cause, and what to do about it. */
export interface EnvelopeCause {
  readonly code: string;
  readonly title: string;
  readonly fix: readonly string[];
}

/** The stable code of an error, and its causes, likeliest first. */
export interface EnvelopeDiagnosis {
  readonly code: string;
  readonly causes: readonly EnvelopeCause[];
}

/** A reply of the worker's own: `{"error":{"message","detail","code","causes"},"status":"failure"}`. */
export function envelope(
  status: number,
  message: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
  diagnosis?: EnvelopeDiagnosis,
): Response {
  const body = { error: { message, detail: detail.slice(0, LONGEST_DETAIL), ...diagnosis }, status: "failure" };
  return ownReply(JSON.stringify(body), status, headers);
}

/** JSON that no cache may keep. */
export function ownReply(body: string, status: number, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(body, {
    status,
    headers: {
      ...headers,
      "cache-control": "no-store",
      "content-type": "application/json;charset=UTF-8",
      "x-content-type-options": "nosniff",
    },
  });
}
