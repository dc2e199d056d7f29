/**
 * `sysparm/otel`: a span and a measurement for every HTTP request, by the stable semantic conventions for HTTP clients (version 1.45.0,
 * https://opentelemetry.io/docs/specs/semconv/http/). Plain JavaScript over the hooks of `connect()`.
 */
import {
  type Attributes,
  type Context,
  context,
  type Histogram,
  metrics,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import type { ConnectOptions, ReceivedResponse, SentRequest } from "sysparm";
import type { InstrumentOptions } from "sysparm/otel";
import { requestError } from "../errors/index.js";
import {
  checkArgument,
  checkOptions,
  FLAG,
  hasFunctions,
  OBJECT,
  type OptionTypes,
} from "../protocol/check-options.js";
import { CONTEXT, type ContextOptions, type ContextRequest } from "../protocol/hook-context.js";

const NAME = "sysparm";
/** Of "Metric: http.client.request.duration". */
const BOUNDARIES = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const SETTINGS: OptionTypes<InstrumentOptions> = {
  tracerProvider: { expects: "a TracerProvider", accepts: (value) => hasFunctions(value, "getTracer") },
  meterProvider: { expects: "a MeterProvider", accepts: (value) => hasFunctions(value, "getMeter") },
  propagate: FLAG,
};

/** Options of `connect()` with which its requests have spans and measurements. */
export function instrument<Options extends ConnectOptions>(
  options: Options,
  settings: InstrumentOptions = {},
): Options {
  checkOptions(settings, SETTINGS, requestError);
  checkArgument("options", options, { ...OBJECT, isRequired: true }, requestError);
  const { onRequest, onResponse, fetch: given } = options;
  const telemetry = new Telemetry(options.url, settings);
  const added: ContextOptions = {
    ...options,
    [CONTEXT]: () => context.active(),
    onRequest: both((request: SentRequest) => telemetry.begin(request), onRequest),
    onResponse: both((response: ReceivedResponse) => telemetry.end(response), onResponse),
  };
  // Without need the platform's fetch stays: a failing one is examined where it is.
  if (settings.propagate || given) added.fetch = telemetry.fetching(given ?? undefined, settings.propagate === true);
  return added as Options;
}

/** A value that is no function is left to `connect()`, which refuses it by name. */
function both<Value>(
  own: (value: Value) => void,
  given: ((value: Value) => void) | null | undefined,
): (value: Value) => void {
  if (given === undefined || given === null) return own;
  if (typeof given !== "function") return given;
  return (value) => {
    own(value);
    given(value);
  };
}

interface RunningSpan {
  span: Span;
  within: Context;
  attributes: Attributes;
}

class Telemetry {
  readonly #tracer: Tracer;
  readonly #duration: Histogram;
  readonly #url: string;
  readonly #running = new Map<number, RunningSpan>();
  /** The request that is about to be sent. */
  #next: Context | undefined;

  constructor(url: string, { tracerProvider = trace, meterProvider = metrics }: InstrumentOptions) {
    this.#url = url;
    this.#tracer = tracerProvider.getTracer(NAME);
    this.#duration = meterProvider.getMeter(NAME).createHistogram("http.client.request.duration", {
      description: "Duration of HTTP client requests.",
      unit: "s",
      advice: { explicitBucketBoundaries: BOUNDARIES },
    });
  }

  begin(request: ContextRequest): void {
    const { id, method, path, search, attempt } = request;
    const { origin, hostname, protocol, port } = new URL(this.#url);
    const attributes: Attributes = {
      "http.request.method": method,
      "server.address": hostname,
      "server.port": Number(port) || (protocol === "http:" ? 80 : 443),
    };
    // A token serves many calls. Its request belongs to what is current when it is sent.
    const parent = (request[CONTEXT] as Context | undefined) ?? context.active();
    const options = {
      kind: SpanKind.CLIENT,
      attributes: {
        ...attributes,
        "url.full": `${origin}${path}${search}`,
        ...(attempt > 1 && { "http.request.resend_count": attempt - 1 }),
      },
    };
    // No path: the name of a span has few values.
    const span = this.#tracer.startSpan(method, options, parent);
    const within = trace.setSpan(parent, span);
    this.#running.set(id, { span, within, attributes });
    this.#next = within;
  }

  end({ id, status, durationMs, transactionId, error }: ReceivedResponse): void {
    const { span, within, attributes = {} } = this.#running.get(id) ?? {};
    this.#running.delete(id);
    if (!span) return;
    // Of a client every 4xx and 5xx is an error.
    const type = error ?? (status !== null && status >= 400 ? String(status) : undefined);
    const outcome: Attributes = {
      ...(status !== null && { "http.response.status_code": status }),
      ...(type !== undefined && { "error.type": type }),
    };
    span.setAttributes(outcome);
    if (transactionId !== null) span.setAttribute("servicenow.transaction.id", transactionId);
    if (type !== undefined) span.setStatus({ code: SpanStatusCode.ERROR });
    this.#duration.record(durationMs / 1000, { ...attributes, ...outcome }, within);
    span.end();
  }

  /** A fetch that runs within the request's span: `onRequest` is called just before it. */
  fetching(given: typeof fetch | undefined, propagates: boolean): typeof fetch {
    return (input, init) => {
      const within = this.#next ?? context.active();
      this.#next = undefined;
      const send = given ?? fetch;
      if (!propagates) return context.with(within, () => send(input, init));
      const headers = new Headers(init?.headers);
      propagation.inject(within, headers, { set: (carrier, name, value) => carrier.set(name, value) });
      return context.with(within, () => send(input, { ...init, headers }));
    };
  }
}
