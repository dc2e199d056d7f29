/** The attachments of a record: read, saved to disk, added, deleted. Sizes are bounded: a file passes through this page's memory. */
import { signal } from "@preact/signals";
import type { Attachment, Instance } from "sysparm";
import { saveAs } from "../download";
import type { Guard } from "../environments/guard";
import { type Failure, failureOf } from "../failure/failure";
import { size } from "../number";
import type { Environment } from "../workspace/model";

export const MOST_BYTES = 200_000_000;

export type FilesReading =
  | { phase: "reading" }
  | { phase: "failed"; failure: Failure }
  | { phase: "read"; attachments: Attachment[]; hidden: number };

/** What is under way, or what became of the last thing that was done. */
export type Work =
  | { phase: "none" }
  | { phase: "busy"; what: string; abort: AbortController }
  | { phase: "done"; what: string }
  /** By the person. */
  | { phase: "ended"; what: string }
  | { phase: "refused"; why: string }
  | { phase: "failed"; what: string; failure: Failure };

export type Files = ReturnType<typeof createFiles>;

interface Place {
  readonly environment: Environment;
  instance: Pick<Instance, "attachments">;
  table: string;
  id: string;
}

/** `save` is given a name, a type and the parts of a file. */
export function createFiles(
  place: Place,
  guard: Pick<Guard, "allowWrite">,
  save: (name: string, type: string, parts: Blob[]) => void = saveAs,
) {
  const { instance, table, id } = place;
  const reading = signal<FilesReading>({ phase: "reading" });
  const work = signal<Work>({ phase: "none" });

  async function load(): Promise<void> {
    try {
      const { attachments, hidden } = await instance.attachments.list({ table, record: id });
      reading.value = { phase: "read", attachments, hidden: hidden ?? 0 };
    } catch (thrown) {
      reading.value = { phase: "failed", failure: failureOf(thrown) };
    }
  }

  /** Runs one thing at a time, which the person can end. */
  async function during(
    what: string,
    { failed, ended }: { failed: string; ended: string },
    run: (signal: AbortSignal) => Promise<string>,
  ): Promise<void> {
    if (work.peek().phase === "busy") return;
    const abort = new AbortController();
    work.value = { phase: "busy", what, abort };
    try {
      const done = await run(abort.signal);
      work.value = done === "" ? { phase: "none" } : { phase: "done", what: done };
    } catch (thrown) {
      work.value = abort.signal.aborted
        ? { phase: "ended", what: ended }
        : { phase: "failed", what: failed, failure: failureOf(thrown) };
    }
  }

  async function download(attachment: Attachment): Promise<void> {
    const { name, size: bytes } = attachment;
    if ((bytes ?? 0) > MOST_BYTES) return refused(`${name} has ${size(bytes ?? 0)}. ${TOO_LARGE}`);
    let isTooLarge = false;
    const otherwise = { failed: `${name} could not be read`, ended: `${name} was not saved.` };
    await during(`Reading ${name}`, otherwise, async (ends) => {
      const progress = (now: number, total: number | undefined) => {
        const busy = work.peek();
        if (busy.phase !== "busy") return;
        // The list may not say the size.
        isTooLarge ||= now > MOST_BYTES;
        if (isTooLarge) busy.abort.abort();
        else work.value = { ...busy, what: `Reading ${name}: ${size(now)}${total ? ` of ${size(total)}` : ""}` };
      };
      const { response } = await instance.attachments.download(attachment.sys_id, { signal: ends, progress });
      save(name, attachment.type, [await response.blob()]);
      return `${name} was saved.`;
    });
    if (isTooLarge) await refused(`${name} is larger than ${size(MOST_BYTES)}. ${TOO_LARGE}`);
  }

  async function upload(files: readonly File[]): Promise<void> {
    for (const file of files) {
      if (file.size > MOST_BYTES) return refused(`${file.name} has ${size(file.size)}. ${TOO_LARGE}`);
      const line = `POST /api/now/attachment/file?table_name=${table}&table_sys_id=${id}&file_name=${file.name}`;
      if (!(await guard.allowWrite(place.environment, line))) return;
      const otherwise = { failed: `${file.name} was not added`, ended: `${file.name}: ${LOOK}` };
      await during(`Sending ${file.name}, ${size(file.size)}`, otherwise, async (ends) => {
        // Looks where no answer came, and never sends it again.
        const recovery = { attempts: 1 };
        const body = { table, record: id, name: file.name, body: file, maxBytes: MOST_BYTES };
        await instance.attachments.upload({ ...body, type: file.type || undefined, recovery, signal: ends });
        return `${file.name} was added.`;
      });
      await load();
      // The person has ended all of them, or this one has failed.
      if (work.peek().phase !== "done") return;
    }
  }

  /** The caller has asked already. */
  async function remove({ sys_id, name }: Attachment): Promise<void> {
    if (!(await guard.allowWrite(place.environment, `DELETE /api/now/attachment/${sys_id}`))) return;
    const otherwise = { failed: `${name} was not deleted`, ended: `${name}: ${LOOK}` };
    await during(`Deleting ${name}`, otherwise, async (ends) => {
      await instance.attachments.delete(sys_id, { signal: ends });
      return `${name} was deleted.`;
    });
    await load();
  }

  async function refused(why: string): Promise<void> {
    work.value = { phase: "refused", why };
  }

  function cancel(): void {
    const busy = work.peek();
    if (busy.phase === "busy") busy.abort.abort();
  }

  return { reading, work, load, download, upload, remove, cancel };
}

const TOO_LARGE = `A page keeps a whole file in memory, so files above ${size(MOST_BYTES)} are left out: use the package or ServiceNow's own page.`;
const LOOK = "cancelled. The instance may still finish what was sent: read the list again.";
