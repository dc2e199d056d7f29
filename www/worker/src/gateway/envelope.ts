/**
 * The worker's own errors, in ServiceNow's error envelope, so that every ServiceNow client can read them. The detail always says
 * that the worker sent the error, not the instance.
 */

/** A longer detail is truncated. */
const LONGEST_DETAIL = 4_000;

/** A reply of the worker's own: `{"error":{"message","detail"},"status":"failure"}`. */
export function envelope(
  status: number,
  message: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = { error: { message, detail: detail.slice(0, LONGEST_DETAIL) }, status: "failure" };
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
