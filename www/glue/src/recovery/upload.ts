/**
 * An upload whose answer is lost: found among the attachments of its record that did not exist before.
 *
 * A record may have two files of the same name, so a name proves nothing. The upload is an attachment that is new and has the same name and
 * size, and the same content where the instance returns a hash. A similar one is reported, and nothing is sent again.
 */
import type { Attachment, Attachments, Known, Row, SysparmError, Upload } from "sysparm";
import type { CallContext } from "../protocol/call-context.js";
import { stored } from "../shared/rows.js";
import { type Lookup, nextStep } from "./decide.js";
import { duplicateError, recoveryLimits, unknownOutcome, type WriteLookup } from "./reports.js";

/** What was given to the network. */
export interface SentBody {
  /** In bytes; undefined when a stream was not read to its end. */
  size: number | undefined;
  /** The body, if it can be read again. */
  body?: Blob | ArrayBuffer | ArrayBufferView | undefined;
}

/** The attachment found; undefined when it certainly does not exist and may be sent again. */
type UploadRecovery = (lost: SysparmError, handed: SentBody, sends: number) => Promise<Row | undefined>;

/** Content is hashed in memory, up to this size. */
const MOST_HASHED = 64 * 1024 * 1024;

/** Reads the attachments before an upload; returns what looks it up. */
export async function uploadRecovery(
  context: CallContext,
  { record, name, recovery, signal }: Upload,
  list: (query: string) => ReturnType<Attachments["list"]>,
): Promise<UploadRecovery> {
  const limits = recoveryLimits(context, recovery, signal);
  // The sys_id alone identifies the record: a file may be stored under another class than the one given.
  if (!/^[\w-]+$/.test(record)) throw context.invalid("options.type", "Invalid option `record`. Pass a sys_id.");
  const query = `table_sys_id=${record}`;
  /** The visible attachments, and how many more there are. */
  const attached = async () => {
    const { attachments, hidden } = await list(query);
    const all = async () => await context.table("sys_attachment").count(query, signal && { signal });
    return { attachments, hidden: async () => hidden ?? (await all()) - attachments.length };
  };
  const earlier = await attached();
  const before = new Set(earlier.attachments.map(({ sys_id }) => sys_id));
  // If they cannot be counted, anything hidden later may be the upload.
  const hiddenBefore = await earlier.hidden().catch(() => 0);

  return async (lost, { size, body }, sends) => {
    const hash = await hashOf(body);
    const lookUp = async (): Promise<WriteLookup> => {
      const now = await attached();
      const fresh = now.attachments.filter((one) => one.record === record && !before.has(one.sys_id));
      const named = fresh.filter((one) => one.name === name);
      const known: Known = { ids: named.map(({ sys_id }) => sys_id) };
      const seen = (result: Lookup["result"], evidence: string, row?: Row) => ({ result, evidence, known, row });
      const count = named.length;
      if (size === undefined && count > 0) return seen("unclear", "The body was not read to its end");
      const same = named.filter((one) => one.size === size && isContent(one, hash));
      if (same.length > 1) return seen("twice", `${same.length} new attachments have this name and size`);
      if (same[0]) return seen("done", "One new attachment has this name and size", same[0].row);
      if (count > 0) return seen("unclear", `${count} new attachments have this name, with another size or content`);
      if (fresh.some((one) => one.size === size))
        return seen("unclear", "A new attachment has this size and another name");
      const hidden = (await now.hidden()) - hiddenBefore;
      if (hidden > 0) return seen("unclear", `${hidden} more attachments than before are hidden by access rules`);
      return seen("nothing", "The record has no such new attachment");
    };
    const nothing = async (): Promise<Lookup> => ({
      result: "nothing",
      evidence: "The record has no such new attachment",
    });
    const { step, seen } = await nextStep(lookUp, nothing, body ? limits : { ...limits, attempts: 1 }, sends);
    if (step === "done") return (seen as WriteLookup).row;
    if (seen.result === "twice") throw await duplicateError(context, seen as WriteLookup);
    if (step !== "repeat") throw await unknownOutcome(context, lost, seen, { ids: [] }, sends);
    return undefined;
  };
}

/** Whether the content may be the same. The instance's hash is a SHA-256 if it has 64 digits. */
function isContent({ row }: Attachment, hash: string | undefined): boolean {
  const known = stored(row, "hash")?.toLowerCase() ?? "";
  return hash === undefined || !/^[\da-f]{64}$/.test(known) || known === hash;
}

async function hashOf(body: SentBody["body"]): Promise<string | undefined> {
  const size = body instanceof Blob ? body.size : body?.byteLength;
  // A page from http has no SubtleCrypto.
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  if (!body || !subtle || size === undefined || size > MOST_HASHED) return undefined;
  const bytes = body instanceof Blob ? await body.arrayBuffer() : (body as BufferSource);
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
