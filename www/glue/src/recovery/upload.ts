/**
 * An upload whose answer is lost: found among the attachments of its record, of those that were not there before.
 *
 * Two files of one name may well hang on one record, so a name proves nothing: what is taken for the upload is new, has its name and its
 * size, and its content where the instance tells a hash. What comes near without being that is told, and nothing is sent again.
 */
import type { Attachment, Attachments, Known, Row, SysparmError, Upload } from "sysparm";
import type { Tools } from "../protocol/call-context.js";
import { stored } from "../shared/rows.js";
import { type Seen, stepAfter } from "./decide.js";
import { type Looked, patienceOf, twice, unknown } from "./reports.js";

/** What was handed to the network. */
export interface Handed {
  /** In bytes; undefined when a stream was not read to its end. */
  size: number | undefined;
  /** What can be read again. */
  body?: Blob | ArrayBuffer | ArrayBufferView | undefined;
}

/** What hangs on the record; undefined when the upload surely is not there, and may be sent again. */
export type Uploading = (lost: SysparmError, handed: Handed, sends: number) => Promise<Row | undefined>;

/** Content is hashed in memory. */
const MOST_HASHED = 64 * 1024 * 1024;

export async function uploading(
  tools: Tools,
  { record, name, recovery, signal }: Upload,
  list: (query: string) => ReturnType<Attachments["list"]>,
): Promise<Uploading> {
  const patience = patienceOf(tools, recovery, signal);
  // A record's sys_id is nobody else's. Its class is not asked for: a file may be kept under another than the one given.
  if (!/^[\w-]+$/.test(record)) throw tools.invalid("options.type", "Invalid option `record`. Pass a sys_id.");
  const query = `table_sys_id=${record}`;
  /** All that may be seen, and how many more there are. */
  const attached = async () => {
    const { attachments, hidden } = await list(query);
    const all = async () => await tools.table("sys_attachment").count(query, signal && { signal });
    return { attachments, hidden: async () => hidden ?? (await all()) - attachments.length };
  };
  const earlier = await attached();
  const before = new Set(earlier.attachments.map(({ sys_id }) => sys_id));
  // Where nobody may count them, whatever is hidden later may be the upload.
  const hiddenBefore = await earlier.hidden().catch(() => 0);

  return async (lost, { size, body }, sends) => {
    const hash = await hashOf(body);
    const look = async (): Promise<Looked> => {
      const now = await attached();
      const fresh = now.attachments.filter((one) => one.record === record && !before.has(one.sys_id));
      const named = fresh.filter((one) => one.name === name);
      const known: Known = { ids: named.map(({ sys_id }) => sys_id) };
      const seen = (sight: Seen["sight"], evidence: string, row?: Row) => ({ sight, evidence, known, row });
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
    const nothing = async (): Promise<Seen> => ({
      sight: "nothing",
      evidence: "The record has no such new attachment",
    });
    const { step, seen } = await stepAfter(look, nothing, body ? patience : { ...patience, attempts: 1 }, sends);
    if (step === "done") return (seen as Looked).row;
    if (seen.sight === "twice") throw await twice(tools, seen as Looked);
    if (step !== "repeat") throw await unknown(tools, lost, seen, { ids: [] }, sends);
    return undefined;
  };
}

/** Not another content, as far as the instance tells: its hash is a SHA-256 where it has 64 digits. */
function isContent({ row }: Attachment, hash: string | undefined): boolean {
  const told = stored(row, "hash")?.toLowerCase() ?? "";
  return hash === undefined || !/^[\da-f]{64}$/.test(told) || told === hash;
}

async function hashOf(body: Handed["body"]): Promise<string | undefined> {
  const size = body instanceof Blob ? body.size : body?.byteLength;
  // A page that came by http has no SubtleCrypto.
  const { subtle } = crypto as { subtle?: SubtleCrypto };
  if (!body || !subtle || size === undefined || size > MOST_HASHED) return undefined;
  const bytes = body instanceof Blob ? await body.arrayBuffer() : (body as BufferSource);
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
