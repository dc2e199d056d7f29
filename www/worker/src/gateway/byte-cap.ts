/** The byte cap of a policy: a reply that announces more is refused, and one that turns out to have more ends with an error. */

import { lengthOf } from "./request-body.ts";

/** Whether the reply announces more bytes than this. The length of a compressed body says nothing about its content. */
export function announcesMoreThan(reply: Response, most: number): boolean {
  const announced = isEncoded(reply) ? undefined : lengthOf(reply.headers);
  return announced !== undefined && announced > most;
}

/** The body, which fails at the cap instead of ending early: a reader must not take a part for the whole. */
export function cappedBody(reply: Response, most: number): ReadableStream | null {
  const { body } = reply;
  const isKnown = !isEncoded(reply) && lengthOf(reply.headers) !== undefined;
  // With a `Content-Length`, the runtime copies the body without JavaScript.
  if (body === null || isKnown) return body;
  let length = 0;
  const cap = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      length += chunk.byteLength;
      if (length > most) controller.error(new RangeError(`the policy allows ${most} bytes`));
      else controller.enqueue(chunk);
    },
  });
  return body.pipeThrough(cap);
}

function isEncoded(reply: Response): boolean {
  const encoding = reply.headers.get("content-encoding");
  return encoding !== null && encoding.trim().toLowerCase() !== "identity";
}
