/** `sysparm/otel` with the OpenTelemetry SDK: what its exporters in memory get of a practice instance. */
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { type Context, context, propagation, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  AggregationTemporality,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { type ConnectOptions, connect, RequestError } from "sysparm";
import { instrument } from "sysparm/otel";
import { type PracticeInstance, startPracticeInstance } from "../harness/practice-instance.ts";

const CONNECTION = {
  auth: { grant: "client_credentials", clientId: "practice-client", clientSecret: "practice-secret" },
} as const;

const spans = new InMemorySpanExporter();
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
let instance: PracticeInstance;

before(async () => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  instance = await startPracticeInstance("--rows", "50", "--quiet");
});

beforeEach(() => spans.reset());

after(async () => {
  context.disable();
  propagation.disable();
  await instance?.stop();
});

const open = (options: Partial<ConnectOptions> = {}, settings: Parameters<typeof instrument>[1] = {}) =>
  connect(instrument({ url: instance.url, ...CONNECTION, ...options }, { tracerProvider, ...settings }));

/** Spans of the API, without those of tokens. */
const ofCalls = () =>
  spans.getFinishedSpans().filter(({ attributes }) => String(attributes["url.full"]).includes("/api/"));

function parentOf(span: ReadableSpan | undefined): string | undefined {
  return span?.parentSpanContext?.spanId;
}

test("request has a span by the conventions, and no secret", async () => {
  const client = await open();
  await client.table("incident").list({ limit: 1, fields: ["number"], params: { access_token: "planted" } });
  const [token, page] = spans.getFinishedSpans();
  assert.equal(token?.name, "POST");
  assert.equal(page?.name, "GET");
  assert.equal(page?.kind, 2);
  assert.equal(page?.status.code, SpanStatusCode.UNSET);
  const { "url.full": url, "servicenow.transaction.id": transaction, ...attributes } = page?.attributes ?? {};
  const { hostname, port } = new URL(instance.url);
  assert.deepEqual(attributes, {
    "http.request.method": "GET",
    "server.address": hostname,
    "server.port": Number(port),
    "http.response.status_code": 200,
  });
  assert.match(
    String(url),
    /^http:\/\/127\.0\.0\.1:\d+\/api\/now\/table\/incident\?sysparm_query=.*access_token=REDACTED$/,
  );
  assert.match(String(transaction), /^[0-9a-f]{16}$/);
  assert.doesNotMatch(
    JSON.stringify(spans.getFinishedSpans().map((span) => span.attributes)),
    /planted|practice-secret/,
  );
});

test("refused request is an error with its status", async () => {
  const client = await open();
  await assert.rejects(client.table("no_such_table").get("0".repeat(32)));
  const [span] = ofCalls();
  assert.equal(span?.status.code, SpanStatusCode.ERROR);
  assert.equal(span?.status.message, undefined);
  assert.equal(span?.attributes["error.type"], String(span?.attributes["http.response.status_code"]));
});

test("repeated request counts, and one without a reply has a type", async () => {
  let times = 0;
  const client = await open({
    fetch: async (input, init) => {
      if (!String(input).includes("/api/") || times++ > 0) return fetch(input, init);
      throw Object.assign(new TypeError("fetch failed"), { cause: { code: "ECONNRESET" } });
    },
  });
  await client.table("incident").list({ limit: 1 });
  const [lost, again] = ofCalls();
  assert.equal(lost?.attributes["error.type"], "ECONNRESET");
  assert.equal(lost?.attributes["http.response.status_code"], undefined);
  assert.equal(lost?.attributes["http.request.resend_count"], undefined);
  assert.equal(lost?.status.code, SpanStatusCode.ERROR);
  assert.equal(again?.attributes["http.request.resend_count"], 1);
  assert.equal(again?.status.code, SpanStatusCode.UNSET);
});

test("span belongs to the span in which its call was made", async () => {
  const client = await open({ pace: { concurrency: 1 } });
  await client.token();
  spans.reset();
  const tracer = tracerProvider.getTracer("test");
  // One request at a time: each is sent in the turn of the call before it.
  const called = await Promise.all(
    Array.from({ length: 6 }, (_, number) =>
      tracer.startActiveSpan(`call ${number}`, async (span) => {
        await client.request(`/api/now/table/incident?sysparm_limit=1&number=${number}`).then((reply) => reply.text());
        const pages = client.table("incident").pages({ pageSize: 20, ahead: 2, fields: [`number`] });
        for await (const page of pages) assert.ok(page.rows.length > 0);
        span.end();
        return span.spanContext().spanId;
      }),
    ),
  );
  const parents = ofCalls().map(parentOf);
  for (const id of called) assert.ok(parents.filter((parent) => parent === id).length >= 4, `${parents} ${id}`);
  assert.ok(parents.every((parent) => called.includes(String(parent))));
});

test("own fetch runs in the span, and hooks are called as before", async () => {
  const seen: (string | undefined)[] = [];
  const hooked: string[] = [];
  const client = await open({
    fetch: (input, init) => {
      seen.push(trace.getActiveSpan()?.spanContext().spanId);
      return fetch(input, init);
    },
    onRequest: ({ method }) => hooked.push(method),
    onResponse: ({ status }) => hooked.push(String(status)),
  });
  await client.table("incident").count();
  assert.deepEqual(
    seen,
    spans.getFinishedSpans().map((span) => span.spanContext().spanId),
  );
  assert.deepEqual(hooked, ["POST", "200", "GET", "200"]);
});

test("context is sent only where it is asked for", async () => {
  propagation.setGlobalPropagator({
    inject: (within: Context, carrier, setter) =>
      setter.set(carrier, "traceparent", `00-${trace.getSpan(within)?.spanContext().spanId}`),
    extract: (within) => within,
    fields: () => ["traceparent"],
  });
  for (const propagate of [true, false]) {
    spans.reset();
    const sent: (string | null)[] = [];
    const recording: typeof fetch = (input, init) => {
      sent.push(new Headers(init?.headers).get("traceparent"));
      return fetch(input, init);
    };
    const client = await open({ fetch: recording }, { propagate });
    await client.table("incident").count();
    const ids = spans.getFinishedSpans().map((span) => `00-${span.spanContext().spanId}`);
    assert.deepEqual(sent, propagate ? ids : [null, null]);
  }
});

test("duration of requests is measured in seconds", async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const client = await open({}, { meterProvider });
  for (let call = 0; call < 3; call += 1) await client.table("incident").count();
  await assert.rejects(client.table("no_such_table").count());
  await meterProvider.forceFlush();
  const [metric] = exporter.getMetrics()[0]?.scopeMetrics[0]?.metrics ?? [];
  await meterProvider.shutdown();
  assert.equal(metric?.descriptor.name, "http.client.request.duration");
  assert.equal(metric?.descriptor.unit, "s");
  const points = metric?.dataPoints as { attributes: Record<string, unknown>; value: Histogram }[];
  const ok = points.find(
    ({ attributes }) => attributes["http.request.method"] === "GET" && attributes["http.response.status_code"] === 200,
  );
  assert.equal(ok?.value.count, 3);
  assert.ok((ok?.value.sum ?? 0) > 0 && (ok?.value.sum ?? 0) < 30);
  assert.deepEqual(ok?.value.buckets.boundaries.slice(0, 3), [0.005, 0.01, 0.025]);
  const names = ["http.request.method", "server.address", "server.port", "http.response.status_code"];
  assert.deepEqual(Object.keys(ok?.attributes ?? {}), names);
  const refused = points.find(({ attributes }) => attributes["error.type"] !== undefined);
  assert.equal(refused?.value.count, 1);
  assert.equal(spans.getFinishedSpans().length, 5);
});

test("settings are checked, and so are the options beneath", async () => {
  const { url } = instance;
  const wrong = (settings: object) => () => instrument({ url, ...CONNECTION }, settings);
  assert.throws(wrong({ propagate: "yes" }), /^RequestError: Invalid option `propagate`\. Pass true or false\.$/);
  assert.throws(wrong({ meterProvider: {} }), /Invalid option `meterProvider`\. Pass a MeterProvider\./);
  assert.throws(
    wrong({ tracer: 1 }),
    /Unknown option `tracer`\. Supported options: tracerProvider, meterProvider, propagate\./,
  );
  assert.throws(() => instrument(undefined as never), RequestError);
  await assert.rejects(open({ onRequest: "log" as never }), /Invalid option `onRequest`\. Pass a function\./);
  await assert.rejects(connect(instrument({ ...CONNECTION, url: "no address" })), RequestError);
});
