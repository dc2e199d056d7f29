/**
 * Spans and a metric through the OpenTelemetry API (`@opentelemetry/api`, an optional peer dependency), by the stable semantic conventions
 * for HTTP clients.
 *
 * Each HTTP request, requests for tokens and repeated ones included, has
 *
 * - a span of kind CLIENT, named by its method, in the context in which the call was made: `http.request.method`, `server.address`,
 *   `server.port`, `url.full` (values of parameters that hold a credential by their name are REDACTED), `http.request.resend_count`,
 *   `http.response.status_code`, `error.type`, and `servicenow.transaction.id`, the reply's `X-Transaction-ID`. It ends when the body was
 *   read, or with the headers where the caller reads the body;
 * - a measurement of the histogram `http.client.request.duration`, in seconds.
 *
 * `error.type` is the status from 400 on, a code such as "ECONNREFUSED", or the name of what was thrown, such as "AbortError".
 *
 * ```ts
 * import { connect } from "sysparm";
 * import { instrument } from "sysparm/otel";
 *
 * const instance = await connect(instrument({ url, auth }));
 * ```
 */

import type { MeterProvider, TracerProvider } from "@opentelemetry/api";
import type { ConnectOptions } from "./index.js";

/** Options of `instrument()`. */
export interface InstrumentOptions {
  /** Makes the spans; the global one of the OpenTelemetry API by default. */
  tracerProvider?: TracerProvider | undefined;
  /** Makes the metric; the global one by default. */
  meterProvider?: MeterProvider | undefined;
  /**
   * Sends the span's context in headers (`traceparent`), by the global propagator. Off by default: ServiceNow does nothing with it, and
   * in a page a CORS rule must allow the header. For a gateway that takes part in traces.
   */
  propagate?: boolean | undefined;
}

/**
 * The options of `connect()` with spans and metrics added. Hooks that they have are called as before, and a `fetch` of your own runs in
 * the span of its request. Where another instrumentation traces `fetch`, too, each request has a span of each.
 * @throws RequestError for settings that cannot work
 */
export function instrument<Options extends ConnectOptions>(options: Options, settings?: InstrumentOptions): Options;
