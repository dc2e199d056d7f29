/** W3C Trace Context: the caller's trace goes on at the instance, if its headers are well formed. */

/** Version, trace, parent and flags (Trace Context, section 3.2). Version `ff` and ids of zeros are invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** `key=value`; a key may have a tenant before an `@` (Trace Context, section 3.3.1.3). */
const MEMBER = /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/** Of the list, and of its text: section 3.3.1.5 asks for at least 512 characters to be passed on. */
const MOST_MEMBERS = 32;
const LONGEST_STATE = 1_024;

/** Whether a `traceparent` may pass. */
export function isTraceParent(value: string): boolean {
  return TRACEPARENT.test(value);
}

/** Whether a `tracestate` may pass. Empty members are valid. */
export function isTraceState(value: string): boolean {
  if (value.length > LONGEST_STATE) return false;
  const members = value.split(",");
  return (
    members.length <= MOST_MEMBERS && members.every((member) => member.trim() === "" || MEMBER.test(member.trim()))
  );
}
