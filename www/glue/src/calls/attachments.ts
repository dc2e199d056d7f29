/** The Attachment API. A file that arrives as a stream is never held in memory, and its bytes are counted in both directions. */
import type { Attachment, Attachments, CallOptions, Cause, Row, SysparmError, Upload } from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import { ExpectedBody } from "../protocol/codes.js";
import { isInNode, isInPage } from "../shared/platform.js";
import { encodedQuery } from "../shared/query-text.js";
import { countOf, incomplete, locatedIn, stored } from "../shared/rows.js";

const PATH = "/api/now/attachment";
/** The default of `com.glide.attachment.max_size`. */
const MOST_BYTES = 1024 * 1024 * 1024;
const PAGE = 1000;
/** An upper bound for the pages of one list. */
const MOST_PAGES = 1000;

/** Replies that prove that the request was not processed. A 503 does not: a gateway sends it also when it loses the instance half way. */
const NOT_PROCESSED = [202, 401, 429];

/** Either a query, or a table and a record. */
interface ListOptions extends CallOptions {
  query?: unknown;
  table?: string | undefined;
  record?: string | undefined;
}

/** The attachments of a record, or those that a query finds. */
export async function listAttachments(context: CallContext, options: ListOptions): ReturnType<Attachments["list"]> {
  const { send, invalid } = context;
  const { query: given, table, record, signal } = options;
  if (given !== undefined && (table ?? record) !== undefined) {
    throw invalid(
      "options.type",
      "Conflicting options `query` and `table`. Pass { table, record } or { query }, not both.",
    );
  }
  const query = given === undefined ? recordQuery(context, table, record) : encodedQuery(given, invalid);
  const found = new Map<string, Attachment>();
  let total: number | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const ordered = query.includes("ORDERBY") ? query : [query, "ORDERBYsys_id"].filter(Boolean).join("^");
    const text = `sysparm_query=${encodeURIComponent(ordered)}&sysparm_limit=${PAGE}&sysparm_offset=${page * PAGE}`;
    const { reply, result } = await send({ method: "GET", path: `${PATH}?${text}`, expect: ExpectedBody.rows, signal });
    const rows = result as Row[];
    total = countOf(reply) ?? total;
    for (const row of rows) {
      const attachment = attachmentOf(context, row);
      found.set(attachment.sys_id, attachment);
    }
    // Access rules hide rows after the limit was applied, so only the count proves that a short page is the last.
    const seen = (page + 1) * PAGE;
    if (total !== undefined ? seen >= total : rows.length === 0) {
      return { attachments: [...found.values()], hidden: total === undefined ? null : Math.max(0, total - found.size) };
    }
  }
  throw invalid("attachments.too-many", "The query finds more than 1,000,000 attachments. Restrict it.");
}

function recordQuery({ invalid }: CallContext, table = "", record = ""): string {
  if (![table, record].every((name) => /^[\w-]+$/.test(name))) {
    throw invalid(
      "options.type",
      "Missing or invalid option `table` or `record`. Pass { table, record } or { query }.",
    );
  }
  // The sys_id identifies the record: attachments are stored under its own class, also if the caller names another. Images in fields are
  // attachments, too, with a prefix in the table's name.
  return `table_sys_id=${record}^table_nameNOT LIKEZZ_YY`;
}

/** Uploads a file and compares its size with what the instance stored. */
export async function uploadAttachment(context: CallContext, given: Upload): Promise<Attachment> {
  const { send, invalid } = context;
  const { table, record, name, body, maxBytes = MOST_BYTES, progress, recovery, signal } = given;
  const isStream = body instanceof ReadableStream;
  if (!isStream && !(body instanceof Blob) && !(body instanceof ArrayBuffer) && !ArrayBuffer.isView(body)) {
    throw invalid(
      "request.body",
      "Invalid option `body`. Pass a Blob, an ArrayBuffer, a view of one or a stream of bytes.",
    );
  }
  if (isStream && body.locked)
    throw invalid("request.body", "Invalid option `body`: the stream is locked. Pass one that nothing else reads.");
  const tooLarge = () =>
    invalid(
      "attachment.too-large",
      `The file is larger than ${maxBytes} bytes. Pass a smaller one, or raise \`maxBytes\`.`,
    );
  const known = isStream ? undefined : body instanceof Blob ? body.size : body.byteLength;
  if (known !== undefined && known > maxBytes) throw tooLarge();
  const type = given.type || (body instanceof Blob && body.type) || "application/octet-stream";
  const file = `table_name=${encodeURIComponent(table)}&table_sys_id=${encodeURIComponent(record)}&file_name=${encodeURIComponent(name)}`;

  const path = `${PATH}/file?${file}`;
  const post = async (payload: BodyInit, ends = signal) => {
    const isCloned = isInNode() && (payload instanceof ReadableStream || payload instanceof Blob);
    const init: RequestInit = {
      headers: { "content-type": type },
      body: payload,
      ...(isCloned && { redirect: "error" }),
    };
    try {
      const { reply, result } = await send({ method: "POST", path, expect: ExpectedBody.record, init, signal: ends });
      return attachmentOf(context, result as Row, locatedIn(reply));
    } catch (thrown) {
      // A redirect proves that the upload was not processed. A read is redirected, too, and its error says what that means.
      if (isCloned && isRedirect(thrown)) {
        await send({ method: "GET", path: `${PATH}?sysparm_limit=1`, expect: ExpectedBody.rows, signal: ends });
      }
      throw thrown;
    }
  };
  let sent = 0;
  let isRead = true;
  const count = (bytes: number) => {
    if (!(bytes >= 0))
      throw invalid(
        "request.body",
        "Invalid option `body`: the stream gives no bytes. Pipe text through a TextEncoderStream.",
      );
    sent += bytes;
    if (sent > maxBytes) throw tooLarge();
  };
  const whole = async (payload: Blob | ArrayBuffer | ArrayBufferView) => {
    sent = payload instanceof Blob ? payload.size : payload.byteLength;
    isRead = true;
    progress?.(0, sent);
    const row = await post(payload as BodyInit);
    progress?.(sent, sent);
    return row;
  };
  const streamed = async (stream: ReadableStream<Uint8Array>) => {
    sent = 0;
    isRead = false;
    const ends = new AbortController();
    const abort = () => ends.abort(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    if (signal?.aborted) abort();
    /** Aborts the connection, because workerd takes a body that ends with an error for a complete one. */
    const fail = (reason: unknown) => {
      ends.abort(reason);
      return new Promise<never>(() => undefined);
    };
    const body = countedStream(
      stream,
      (bytes) => {
        try {
          count(bytes);
          return progress?.(sent, known);
        } catch (thrown) {
          return fail(thrown);
        }
      },
      (cause) => {
        if (cause !== undefined) return fail(cause);
        isRead = true;
        return undefined;
      },
    );
    return post(body, ends.signal).finally(() => {
      signal?.removeEventListener("abort", abort);
      // Releases the rest of the source; one that has ended ignores this.
      if (ends.signal.aborted) void body.cancel(ends.signal.reason).catch(() => undefined);
    });
  };

  const safe =
    recovery &&
    (await (
      await import("../recovery/calls.js")
    ).uploadRecovery(context, given, (query) => listAttachments(context, { query, ...(signal && { signal }) })));
  // A web page cannot observe what was sent, so counting while collecting only enforces the limit.
  const source = isStream && isInPage() ? await collected(body, count) : body;
  const again = source instanceof ReadableStream ? undefined : source;
  const sendOnce = (): Promise<Attachment> => {
    if (!again) return streamed(source as ReadableStream<Uint8Array>);
    if (isInPage() || !progress || !(again instanceof Blob)) return whole(again);
    return streamed(again.stream()).catch((thrown: SysparmError) => {
      // The stream is spent, the Blob is not: sent as a whole it can be repeated.
      if (NOT_PROCESSED.includes(thrown?.status ?? 0)) return whole(again);
      throw thrown;
    });
  };
  const sendOrFind = async (sends: number): Promise<Attachment> => {
    try {
      return await sendOnce();
    } catch (thrown) {
      const error = thrown as SysparmError;
      if (!safe || error?.name !== "UnknownOutcomeError") throw thrown;
      const found = await safe(error, { size: isRead ? sent : undefined, body: again }, sends);
      return found ? attachmentOf(context, found) : sendOrFind(sends + 1);
    }
  };
  const attachment = await sendOrFind(1);
  // Where the reply shows no size, the bytes sent count.
  attachment.size ??= sent;
  if (attachment.size !== sent) {
    throw await wrongSize(
      context,
      `${sent} bytes were sent and the instance has ${attachment.size}`,
      attachment.sys_id,
    );
  }
  return attachment;
}

/** Recognises a refused redirect by Node's message. */
function isRedirect(thrown: unknown): boolean {
  const { cause } = thrown as { cause?: { cause?: { message?: string } } };
  return cause?.cause?.message === "unexpected redirect";
}

/** A file as a response whose body fails if it is cut. */
export async function downloadAttachment(
  context: CallContext,
  id: string,
  { progress, signal }: NonNullable<Parameters<Attachments["download"]>[1]> = {},
): ReturnType<Attachments["download"]> {
  const { send } = context;
  const path = `${PATH}/${attachmentId(context, id)}`;
  const { reply } = await send({ method: "GET", path: `${path}/file`, expect: ExpectedBody.untouched, signal });
  const response = reply as Response;
  let row = metadata(response);
  if (!row) {
    // A browser sees the header only if a CORS rule exposes it.
    try {
      row = (await send({ method: "GET", path, expect: ExpectedBody.record, signal })).result as Row;
    } catch (thrown) {
      void response.body?.cancel().catch(() => undefined);
      throw thrown;
    }
  }
  const attachment = attachmentOf(context, row, id);
  const size = attachment.size ?? undefined;
  let read = 0;
  let failure: { thrown: unknown } | undefined;
  const fail = (thrown: unknown) => {
    failure ??= { thrown };
    throw thrown;
  };
  const wrong = () => wrongSize(context, `${read} of ${size} bytes came`, attachment.sys_id);
  const body = countedStream(
    response.body ?? new Blob([]).stream(),
    async (bytes) => {
      read += bytes;
      if (size !== undefined && read > size) fail(await wrong());
      progress?.(read, size);
    },
    async (cause) => {
      if (signal?.aborted) fail(signal.reason);
      const cut = size !== undefined && read !== size ? await wrong() : undefined;
      if (cut) fail(cause === undefined ? cut : Object.assign(cut, { cause }));
      if (cause !== undefined) fail(cause);
    },
    signal,
  );
  const { status, headers } = response;
  return { attachment, response: withRealError(new Response(body, { status, headers }), () => failure) };
}

/** Chromium reports "Failed to fetch" for every stream that fails. Functions that read the whole body throw the real error instead. */
function withRealError(response: Response, failure: () => { thrown: unknown } | undefined): Response {
  for (const name of ["arrayBuffer", "blob", "bytes", "json", "text"] as const) {
    const read = (response as unknown as Record<string, (() => Promise<unknown>) | undefined>)[name];
    if (!read) continue;
    const value = () =>
      read.call(response).catch((thrown: unknown) => {
        throw failure()?.thrown ?? thrown;
      });
    Object.defineProperty(response, name, { value });
  }
  return response;
}

/** Deletes an attachment. */
export async function removeAttachment(
  context: CallContext,
  id: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<void> {
  await context.send({
    method: "DELETE",
    path: `${PATH}/${attachmentId(context, id)}`,
    expect: ExpectedBody.done,
    signal,
  });
}

function attachmentId({ invalid }: CallContext, id: string): string {
  if (typeof id !== "string" || !/^[\w-]+$/.test(id))
    throw invalid("request.reading", "Invalid argument `id`. Pass the sys_id of an attachment.");
  return id;
}

async function collected(stream: ReadableStream<Uint8Array>, count: (bytes: number) => void): Promise<Blob> {
  let failure: { thrown: unknown } | undefined;
  const noted = (thrown: unknown) => {
    failure ??= { thrown };
    throw thrown;
  };
  const bounded = (bytes: number) => {
    try {
      count(bytes);
    } catch (thrown) {
      noted(thrown);
    }
  };
  const body = countedStream(stream, bounded, (cause) => cause === undefined || noted(cause));
  // Chromium reports "Failed to fetch" for every stream that fails.
  return new Response(body).blob().catch((thrown: unknown) => {
    throw failure ? failure.thrown : thrown;
  });
}

/** Passes a stream on and counts its bytes. `ended` is called before the reader sees the end or the error. */
function countedStream(
  stream: ReadableStream<Uint8Array>,
  count: (bytes: number) => unknown,
  ended: (cause?: unknown) => unknown = (cause) => {
    if (cause !== undefined) throw cause;
  },
  signal?: AbortSignal,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  const abort = () => void reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener("abort", abort, { once: true });
  const forget = () => signal?.removeEventListener("abort", abort);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const step = await reader.read().catch(async (cause: unknown) => {
          await ended(cause ?? new Error("the transfer broke"));
          return { done: true as const, value: undefined };
        });
        if (step.done) {
          await ended();
          forget();
          controller.close();
          return;
        }
        await count(step.value.byteLength);
        controller.enqueue(step.value);
      } catch (thrown) {
        forget();
        void reader.cancel(thrown).catch(() => undefined);
        throw thrown;
      }
    },
    cancel(reason) {
      forget();
      return reader.cancel(reason);
    },
  });
}

function metadata(response: Response): Row | undefined {
  try {
    return JSON.parse(response.headers.get("x-attachment-metadata") ?? "") as Row;
  } catch {
    return undefined;
  }
}

/** `id`: its sys_id, where it is known without the row. */
function attachmentOf({ invalid }: CallContext, row: Row, id?: string): Attachment {
  const text = (field: string) => stored(row, field) ?? "";
  const sys_id = text("sys_id") || id;
  if (!sys_id) throw incomplete(invalid, "no sys_id of an attachment");
  const size = text("size_bytes");
  return {
    sys_id,
    name: text("file_name"),
    type: text("content_type"),
    size: /^\d+$/.test(size) ? Number(size) : null,
    table: text("table_name"),
    record: text("table_sys_id"),
    createdOn: text("sys_created_on"),
    row,
  };
}

async function wrongSize({ failed }: CallContext, evidence: string, id: string): Promise<SysparmError> {
  const error = await failed({
    message: `The file is shorter or longer than the instance says that it is (${evidence}).`,
    diagnosis: {
      code: "attachment.cut",
      kind: "network",
      retry: { when: "backoff" },
      // Their texts are added when the error is made.
      causes: [
        { code: "attachment.transfer-cut", likelihood: 0.7 },
        { code: "attachment.changed-on-the-way", likelihood: 0.25 },
      ] as Cause[],
      evidence: [evidence],
    },
    unknownOutcome: false,
  });
  return Object.assign(error, { known: { ids: [id] } });
}
