/** Ends the work on a call with a reply. */

import { type OwnRefusal, refused } from "../gateway/refusals.ts";

/** Thrown with what the caller gets. */
export class Answered extends Error {
  override readonly name = "Answered";
  readonly reply: Response;

  constructor(reply: Response | OwnRefusal) {
    super("the call is answered");
    this.reply = reply instanceof Response ? reply : refused(reply);
  }
}
