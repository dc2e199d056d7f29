/** Gives Node's Web Crypto the one function that workerd adds to it, so that callers can be tested without workerd. */

import { timingSafeEqual } from "node:crypto";

Object.defineProperty(crypto.subtle, "timingSafeEqual", {
  writable: true,
  configurable: true,
  value: (one: ArrayBuffer, other: Uint8Array) => timingSafeEqual(new Uint8Array(one), other),
});
