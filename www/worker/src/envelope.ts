/**
 * What the worker itself says, in ServiceNow's own error envelope, so that every ServiceNow client understands it. The
 * detail always tells that it was the worker who spoke and not the instance.
 */

/** A longer explanation is cut: a reply about an error stays small. */
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
