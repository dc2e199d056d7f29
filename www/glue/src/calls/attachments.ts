/** The Attachment API. A file is never held whole here when it comes as a stream, and its bytes are counted both ways. */
import type { Attachment, Attachments, Cause, Row, SysparmError, Upload } from "sysparm";
import type { Tools } from "../protocol/call-context.js";
import { ExpectedBody } from "../protocol/codes.js";
import { isInNode, isInPage } from "../shared/platform.js";
import { encodedQuery } from "../shared/query-text.js";
import { countOf, incomplete, locatedIn, stored } from "../shared/rows.js";

const PATH = "/api/now/attachment";
/** `com.glide.attachment.max_size` where nobody has set it. */
const MOST_BYTES = 1024 * 1024 * 1024;
const PAGE = 1000;
/** No more pages are asked for than a record can sensibly have. */
const MOST_PAGES = 1000;

/** What was surely not looked at. Of a 503 that is not known: a gateway says so too that loses the instance half way. */
const TURNED_AWAY = [202, 401, 429];

type ListOptions = Parameters<Attachments["list"]>[0];

export async function list(tools: Tools, options: ListOptions): ReturnType<Attachments["list"]> {
  const { send, invalid } = tools;
  const { signal } = options;
  if ("query" in options && ("table" in options || "record" in options)) {
    throw invalid(
      "options.type",
      "Conflicting options `query` and `table`. Pass { table, record } or { query }, not both.",
    );
  }
  const query = "query" in options ? encodedQuery(options.query, invalid) : recordQuery(tools, options);
  const found = new Map<string, Attachment>();
  let total: number | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const ordered = query.includes("ORDERBY") ? query : [query, "ORDERBYsys_id"].filter(Boolean).join("^");
    const text = `sysparm_query=${encodeURIComponent(ordered)}&sysparm_limit=${PAGE}&sysparm_offset=${page * PAGE}`;
    const { reply, result } = await send({ method: "GET", path: `${PATH}?${text}`, expect: ExpectedBody.rows, signal });
    const rows = result as Row[];
    total = countOf(reply) ?? total;
    for (const row of rows) {
      const attachment = attachmentOf(tools, row);
      found.set(attachment.sys_id, attachment);
    }
    // Access rules come after the limit: a short page is the last only if the count says so.
    const seen = (page + 1) * PAGE;
    if (total !== undefined ? seen >= total : rows.length === 0) {
      return { attachments: [...found.values()], hidden: total === undefined ? null : Math.max(0, total - found.size) };
    }
  }
  throw invalid("attachments.too-many", "The query finds more than 1,000,000 attachments");
}

function recordQuery({ invalid }: Tools, { table, record }: { table: string; record: string }): string {
  if (![table, record].every((name) => typeof name === "string" && /^[\w-]+$/.test(name))) {
    throw invalid(
      "options.type",
      "Missing or invalid option `table` or `record`. Pass { table, record } or { query }.",
    );
  }
  // Kept under the record's own class, whatever class it is asked by: the sys_id says which record. Pictures in fields of the record
  // are kept as attachments too, under a name of their own.
  return `table_sys_id=${record}^table_nameNOT LIKEZZ_YY`;
}

export async function upload(tools: Tools, given: Upload): Promise<Attachment> {
  const { send, invalid } = tools;
  const { table, record, name, body, maxBytes = MOST_BYTES, progress, recovery, signal } = given;
  const isStream = body instanceof ReadableStream;
  if (!isStream && !(body instanceof Blob) && !(body instanceof ArrayBuffer) && !ArrayBuffer.isView(body)) {
    throw invalid("request.body", "A file is a Blob, bytes or a stream of bytes");
  }
  if (isStream && body.locked)
    throw invalid("request.body", "The body is a stream that something else has begun to read");
  const tooLarge = () => invalid("attachment.too-large", `The file is larger than ${maxBytes} bytes`);
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
      return attachmentOf(tools, result as Row, locatedIn(reply));
    } catch (thrown) {
      // Redirected, and so not looked at: a read is redirected too, and says what that means.
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
      throw invalid("request.body", "The stream must give bytes; TextEncoderStream makes them of text");
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
    /** The connection is cut: a body that merely ended in an error is taken for a whole one by some (workerd does so). */
    const fail = (reason: unknown) => {
      ends.abort(reason);
      return new Promise<never>(() => undefined);
    };
    const body = counted(
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
      // What was not read any more is let go of; a source that has ended does not mind.
      if (ends.signal.aborted) void body.cancel(ends.signal.reason).catch(() => undefined);
    });
  };

  const safe =
    recovery &&
    (await (
      await import("../recovery/calls.js")
    ).uploading(tools, given, (query) => list(tools, { query, ...(signal && { signal }) })));
  // The network of a page says nothing of what it has sent, so what is counted while it is collected is only bounded.
  const source = isStream && isInPage() ? await collected(body, count) : body;
  const again = source instanceof ReadableStream ? undefined : source;
  const sendOnce = (): Promise<Attachment> => {
    if (!again) return streamed(source as ReadableStream<Uint8Array>);
    if (isInPage() || !progress || !(again instanceof Blob)) return whole(again);
    return streamed(again.stream()).catch((thrown: SysparmError) => {
      // Turned away at the door: a stream is spent, a Blob is not, and whole it can be sent as often as that helps.
      if (TURNED_AWAY.includes(thrown?.status ?? 0)) return whole(again);
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
      return found ? attachmentOf(tools, found) : sendOrFind(sends + 1);
    }
  };
  const attachment = await sendOrFind(1);
  // What the reply does not show is what was sent.
  attachment.size ??= sent;
  if (attachment.size !== sent) {
    throw await wrongSize(tools, `${sent} bytes were sent and the instance has ${attachment.size}`, attachment.sys_id);
  }
  return attachment;
}

/** As Node's network says it. */
function isRedirect(thrown: unknown): boolean {
  const { cause } = thrown as { cause?: { cause?: { message?: string } } };
  return cause?.cause?.message === "unexpected redirect";
}

export async function download(
  tools: Tools,
  id: string,
  { progress, signal }: NonNullable<Parameters<Attachments["download"]>[1]> = {},
): ReturnType<Attachments["download"]> {
  const { send } = tools;
  const path = `${PATH}/${named(tools, id)}`;
  const { reply } = await send({ method: "GET", path: `${path}/file`, expect: ExpectedBody.untouched, signal });
  const response = reply as Response;
  let row = metadata(response);
  if (!row) {
    // A browser sees the header only where a CORS rule exposes it.
    try {
      row = (await send({ method: "GET", path, expect: ExpectedBody.record, signal })).result as Row;
    } catch (thrown) {
      void response.body?.cancel().catch(() => undefined);
      throw thrown;
    }
  }
  const attachment = attachmentOf(tools, row, id);
  const size = attachment.size ?? undefined;
  let read = 0;
  let failure: { thrown: unknown } | undefined;
  const fail = (thrown: unknown) => {
    failure ??= { thrown };
    throw thrown;
  };
  const wrong = () => wrongSize(tools, `${read} of ${size} bytes came`, attachment.sys_id);
  const body = counted(
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
  return { attachment, response: tellingWhy(new Response(body, { status, headers }), () => failure) };
}

/** Chromium says "Failed to fetch" of every stream that fails: what reads the body whole says why instead. */
function tellingWhy(response: Response, failure: () => { thrown: unknown } | undefined): Response {
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

export async function remove(tools: Tools, id: string, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
  await tools.send({ method: "DELETE", path: `${PATH}/${named(tools, id)}`, expect: ExpectedBody.done, signal });
}

function named({ invalid }: Tools, id: string): string {
  if (typeof id !== "string" || !/^[\w-]+$/.test(id))
    throw invalid("request.reading", "An attachment is named by its sys_id");
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
  const body = counted(stream, bounded, (cause) => cause === undefined || noted(cause));
  // Chromium says "Failed to fetch" of every stream that fails.
  return new Response(body).blob().catch((thrown: unknown) => {
    throw failure ? failure.thrown : thrown;
  });
}

/** The stream's bytes as they are asked for, counted; `ended` is told how it ended before the reader is. */
function counted(
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

/** `id`: what is known of its sys_id without the row. */
function attachmentOf({ invalid }: Tools, row: Row, id?: string): Attachment {
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

async function wrongSize({ failed }: Tools, evidence: string, id: string): Promise<SysparmError> {
  const error = await failed({
    message: `The file is shorter or longer than the instance says that it is (${evidence}).`,
    diagnosis: {
      code: "attachment.cut",
      kind: "network",
      retry: { when: "backoff" },
      // Their words come with the error.
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
