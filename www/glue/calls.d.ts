/**
 * Options and results of the calls other than reading: writes that are looked up, aggregates, batches, import sets, attachments. Exported by
 * `sysparm` itself; each is loaded with its first call.
 */

import type { CallOptions, CountOptions, RecordOptions, Row, SysparmError } from "./index.js";
import type { Query } from "./query.js";
import type { DisplayValue } from "./rows.js";

/** How a write is looked up whose outcome is unknown: no answer came, or one that does not say. */
export interface Recovery {
  /**
   * So long after the outcome became unknown the instance may still be working on the write: before that, finding nothing
   * proves nothing. 60,000 by default, the instance's own limit; looks come after 0.25, 0.75, 1.75 ... s, and a find ends the
   * wait. A shorter time is faster, and may repeat a write that arrives after all.
   */
  settleMs?: number | undefined;
  /** How often the write is sent in all, 1 to 10; 3 by default, 1 to look and never repeat. */
  attempts?: number | undefined;
}

/** What makes a created record findable. */
export interface Correlation {
  /** A text field of the table that nothing else writes: `correlation_id` of the task family, or one of your own. */
  field: string;
  /** The key; the row's own value of the field by default, or a fresh random UUID. */
  value?: string | undefined;
  /** Looks before the first attempt too, for a key that an earlier run may have used: one record found is the answer. */
  lookFirst?: boolean | undefined;
  /**
   * Looks after a create that was answered too. A proxy may send a request twice, and Chromium does so, a POST too, when a
   * connection that it reuses breaks: then there are two records, and the error `write.duplicated` names them. True by default in a page.
   */
  verify?: boolean | undefined;
}

/** Options of `create()`. */
export interface CreateOptions<Field extends string = string, Display extends DisplayValue = DisplayValue>
  extends RecordOptions<Field, Display> {
  /**
   * When the outcome is unknown, the record is looked up by this key: one found is the answer; the create is repeated only if
   * there surely is none. Otherwise UnknownOutcomeError with `known`.
   *
   * Surely: the instance counts no record with the key (counts come before access rules on rows), it filters by the field, and it
   * keeps what is written there, as an earlier create through this `Table` has shown or as no new record without a key suggests. What a
   * security data filter, a before-query rule or another domain keeps even from the count is not seen.
   */
  correlation?: Correlation | undefined;
  recovery?: Recovery | undefined;
}

/** Options of `upsert()`. */
export interface UpsertOptions<Field extends string = string, Display extends DisplayValue = DisplayValue>
  extends RecordOptions<Field, Display> {
  /** The field whose value names the record. The instance must keep what is written there, as with `correlation`. */
  by: string;
  recovery?: Recovery | undefined;
}

/** The version that a write expects. */
export interface Expected {
  /** As it was read: `row.sys_mod_count`. */
  sys_mod_count: number | string;
}

/** Options of `update()`. */
export interface UpdateOptions<Field extends string = string, Display extends DisplayValue = DisplayValue>
  extends RecordOptions<Field, Display> {
  /**
   * Writes only if the record is at this version: RecordError `record.changed` otherwise, and nothing was written. ServiceNow has no
   * If-Match, so this looks and then writes, and a change that falls between the two is not kept out; it is noticed by the
   * `sys_mod_count` that the write returns, as RecordError `record.overtaken`: the write was done, and so was the other. A
   * rule that changes the record after every write looks the same.
   */
  expect?: Expected | undefined;
  /**
   * When the outcome is unknown: done if `sys_mod_count` is one higher and every field holds what was written; repeated if it is what
   * it was; UnknownOutcomeError with `known` in every other case. Costs one more read before the write.
   */
  recovery?: Recovery | undefined;
}

/** Options of `delete()`. */
export interface DeleteOptions extends CallOptions {
  /** As for an update. */
  expect?: Expected | undefined;
  /**
   * When the outcome is unknown: done if the record is gone, also if another client deleted it; repeated if it is still there. Costs one more read
   * before the delete.
   */
  recovery?: Recovery | undefined;
}

/** What looking has shown of a write that failed, or that was done more than once. */
export interface Known {
  /** The records concerned, as far as they may be read. */
  ids: string[];
  key?: { field: string; value: string };
  /** How many records the instance counts, before access rules. */
  records?: number;
  sys_mod_count?: { before: number; after?: number };
  /** How often the write was sent. */
  sends?: number;
}

/** Options of `aggregate()`. `verify` counts first, as for `count()`: groups do not show that a condition was left out. */
export interface AggregateOptions<Asked extends Query = Query> extends CountOptions {
  query?: string | Asked | undefined;
  /** Fields to work these out for. Rows are always counted. */
  avg?: readonly string[] | undefined;
  min?: readonly string[] | undefined;
  max?: readonly string[] | undefined;
  sum?: readonly string[] | undefined;
  groupBy?: readonly string[] | undefined;
  /** Groups are kept for which all of these hold: `{ of: "count", field: "priority", operator: ">", value: 3 }`. */
  having?: readonly Having[] | undefined;
  /** In this order: a field grouped by, `count`, or a measure of a field. */
  orderBy?: readonly AggregateOrder[] | undefined;
  /** Of the fields grouped by: raw values (false, the default), labels (true), or both ("all", then `labels` are there). */
  displayValue?: boolean | "all" | undefined;
}

/** A measure of a field over the rows of a group. */
export type Measure = "avg" | "min" | "max" | "sum";
/** A condition on a group: its row count, or a measure of a field. */
export interface Having {
  of: "count" | Measure;
  field: string;
  operator: "=" | "!=" | ">" | ">=" | "<" | "<=";
  value: string | number;
}
/** What groups are sorted by. */
export type AggregateOrder =
  | { field: string; descending?: boolean | undefined }
  | { of: "count"; descending?: boolean | undefined }
  | { of: Measure; field: string; descending?: boolean | undefined };

/** One group, or the whole. Numbers are numbers; dates and other texts are as the instance gives them; null where there is no value. */
export interface AggregateGroup {
  /** The values grouped by; empty for the whole. */
  by: Record<string, string>;
  labels?: Record<string, string>;
  count: number;
  avg: Record<string, number | string | null>;
  min: Record<string, number | string | null>;
  max: Record<string, number | string | null>;
  sum: Record<string, number | string | null>;
}

/** One request of a batch: a path of this instance, as `request()` takes it. */
export interface BatchRequest {
  /** GET by default. */
  method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | undefined;
  path: string;
  headers?: Readonly<Record<string, string>> | undefined;
  /** An object is sent as JSON. */
  body?: string | Readonly<Record<string, unknown>> | readonly unknown[] | undefined;
  /**
   * Makes the record findable that this request creates (`POST /api/now/table/...`, with an object as its body), as for `create()`.
   * With it, or with `recovery` for the whole batch, writes whose answer is lost are looked up.
   */
  correlation?: Pick<Correlation, "field" | "value"> | undefined;
}

/** Options of `batch()`. */
export interface BatchOptions extends Pick<CallOptions, "signal"> {
  /** Headers of the Batch calls themselves, as far as `CallOptions` allows them. Each request has headers and a path of its own. */
  headers?: CallOptions["headers"];
  /** Requests in one Batch call, 1 to 1,000; 50 by default. All of one call have 30 s together. */
  size?: number | undefined;
  /**
   * Writes of the Table API whose outcome is unknown are looked up, all of a Batch call together, and only those that surely did not
   * arrive are sent again: a create by its `correlation`, or the `correlation_id` in its body; an update by `sys_mod_count`, a
   * delete by whether the record is there. What is there already is read before: one Batch call of reads for each, unless all of its
   * writes are creates whose keys are made here.
   * UnknownOutcomeError with `known` for what cannot be decided: a create without a key, an update of a record that others change
   * too, a write of another API. The requests behind wait until it is known.
   */
  recovery?: Recovery | undefined;
}

/** What became of one request of a batch. */
export type BatchOutcome<T = unknown> =
  | {
      ok: true;
      status: number;
      headers: Headers;
      /** The `result` of a JSON body, the whole body where there is none, text for other types, null for an empty one. */
      result: T;
      /** The answer was lost, and a look has found the write done: this is the record as it was found, and the look's status and headers. */
      found?: true;
    }
  /** `status` where a reply came. For a write whose outcome is unknown an UnknownOutcomeError. */
  | { ok: false; status?: number; error: SysparmError };

/** The Import Set API of one staging table. */
export interface ImportSet {
  /** The staging table. */
  readonly name: string;
  /**
   * Stages and transforms rows one by one, four at a time, and says what became of each. A row that the instance ignores or refuses
   * is in the outcome with its message, and so is one whose request failed; only an aborted call rejects.
   */
  insert(rows: ImportRow | readonly ImportRow[], options?: ImportOptions): Promise<ImportOutcome>;
  /**
   * Stages many rows in one request; they are transformed later, unless the instance is set otherwise. Ask `results()` what
   * became of them. Of an import set that was found by looking, `multiImportSetId` is the one given, or empty.
   * @throws UnknownOutcomeError when no answer came, and it is not known which rows are staged
   */
  insertMultiple(
    rows: readonly ImportRow[],
    options?: { multiImportSetId?: string | undefined; runAfter?: string | undefined } & ImportOptions,
  ): Promise<{ importSetId: string; multiImportSetId: string }>;
  /** What became of the rows of an import set, read from its staging table. `complete`: none is pending. */
  results(importSetId: string, options?: CallOptions): Promise<ImportOutcome>;
}

/** Options of `insert()` and `insertMultiple()`. */
export interface ImportOptions extends CallOptions {
  /**
   * A column of the staging table that tells the rows of one import apart; a row without a value gets a random UUID. When no answer
   * comes, the staging table is read for rows that have the value and were not there before (that is read first, once for a call, where
   * rows bring values of their own): one is the answer, with what its transform made of it, and a row is sent again only if there surely
   * is none. Rows of half an hour ago and before play no part, so the same keys may come every day. `known.ids` are staged
   * rows, of `insertMultiple()` import sets. Who may not read the staging table cannot have it: the call rejects and nothing is sent.
   */
  correlation?: Pick<Correlation, "field"> | undefined;
  recovery?: Recovery | undefined;
}

/**
 * Numbers and booleans are sent as text, null as an empty one: the instance stores other values in a form of its own. For `insertMultiple()`
 * keys are the columns' labels, unless the table's record in `sys_rest_insert_multiple` maps by column name.
 */
export type ImportRow = Record<string, string | number | boolean | null>;

/**
 * "unreadable": the instance took the row and says nothing, because this user may not read the target. "failed": the request failed, see
 * `error`. "pending": not transformed yet.
 */
export type ImportStatus =
  | "inserted"
  | "updated"
  | "ignored"
  | "skipped"
  | "error"
  | "unreadable"
  | "failed"
  | "pending";

/** What one transform map made of one staged row. */
export interface ImportResult {
  status: ImportStatus;
  /** The target: its table and record. */
  table?: string;
  sys_id?: string;
  displayValue?: string;
  transformMap?: string;
  importSet?: string;
  message?: string;
}

/** What became of all rows of one call. */
export interface ImportOutcome {
  /**
   * In the order of the rows given. The status of a row that several maps transform is the worst of `results`. `found`: the answer was
   * lost, and this was read from the staged row.
   */
  rows: { status: ImportStatus; results: ImportResult[]; error?: SysparmError; found?: true }[];
  counts: Record<ImportStatus, number>;
  /** Staged rows that access rules hide; null where the instance does not say. */
  hidden: number | null;
  /** No row is hidden, and every one was inserted or updated, or was there already as it is ("ignored" with a target). */
  complete: boolean;
}

/** One attachment (`sys_attachment`). */
export interface Attachment {
  sys_id: string;
  name: string;
  type: string;
  /** In bytes; null where the instance does not show it. */
  size: number | null;
  table: string;
  record: string;
  createdOn: string;
  /** Everything that the instance says of it. */
  row: Row;
}

/** The Attachment API. */
export interface Attachments {
  /** Those of a record, by whichever of its classes, or those that a query on `sys_attachment` finds. `hidden`: the number that the instance counts in addition; null if it does not say. */
  list(
    options: ({ table: string; record: string } | { query: string | Query }) & CallOptions,
  ): Promise<{ attachments: Attachment[]; hidden: number | null }>;
  /** @throws RecordError when the record is not there or hidden, UnknownOutcomeError when no answer came and no lookup has shown it */
  upload(upload: Upload): Promise<Attachment>;
  /**
   * The file as a `Response` whose body streams: `response.blob()`, `response.body`. A body that ends early or late fails as it
   * is read, with the error `attachment.cut`. The signal ends the transfer too.
   */
  download(
    id: string,
    options?: { progress?: Progress | undefined } & CallOptions,
  ): Promise<{ attachment: Attachment; response: Response }>;
  /** Deletes an attachment. @throws RecordError when it is not there or hidden */
  delete(id: string, options?: CallOptions): Promise<void>;
}

/** Called with bytes so far and, where it is known, bytes in all. */
export type Progress = (bytes: number, total: number | undefined) => void;

/** A file to attach, and the record that it belongs to. */
export interface Upload extends CallOptions {
  table: string;
  record: string;
  name: string;
  /** The Blob's own, or `application/octet-stream`. */
  type?: string | undefined;
  /**
   * A stream is sent as it comes in Node, Deno, Bun and workerd. A browser cannot stream a request over HTTP/1.1 and not all can at all, so
   * in a page it is first collected into a Blob (which browsers keep on disk when it is large).
   */
  body: Blob | ArrayBuffer | ArrayBufferView | ReadableStream<Uint8Array>;
  /** Refuses a larger file, before anything is sent where the size is known; 1,073,741,824 by default, the instance's default. */
  maxBytes?: number | undefined;
  /**
   * When no answer comes, the record's attachments are read for one that was not there before: one of this name and size is the answer,
   * several are the error `write.duplicated`, none is sent again if the body can be read again (everything but a stream; in a page a
   * stream too). Content is compared by its SHA-256 up to 64 MB, where the instance tells one and the page came by https. Beyond that, two
   * uploads of one name and size to one record at one time are not distinguished. Costs one more read before the upload.
   */
  recovery?: Recovery | undefined;
  /** Bytes handed to the network. In a page, of which the network tells nothing: once at the beginning, once at the end. */
  progress?: Progress | undefined;
}
