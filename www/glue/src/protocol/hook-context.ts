import type { ConnectOptions, SentRequest } from "sysparm";

/**
 * The option with which `sysparm/otel` names what is current where a call is made: requests are sent in the turn of whatever call has just
 * ended. From the global registry, because each entry is a bundle of its own.
 */
export const CONTEXT = Symbol.for("sysparm.context");

export type ContextOptions = ConnectOptions & { [CONTEXT]?: () => unknown };
/** A request with what was current where its call was made; undefined for a token. */
export type ContextRequest = SentRequest & { [CONTEXT]?: unknown };
