/** Lines of large files, as bytes. `readline` of Node also ends lines at U+2028, which JSON may hold. */
import { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";
import type { FileHandle } from "node:fs/promises";

const LINE_FEED = 0x0a;
/** Bytes that are written at once. */
const PORTION = 1024 * 1024;

/** The lines of a file, or of its first `size` bytes, without their ends; none where there is no file. */
export async function* linesOf(file: string, size = Number.POSITIVE_INFINITY): AsyncGenerator<Buffer, void, undefined> {
  let rest: Buffer[] = [];
  if (size === 0) return;
  try {
    for await (const part of createReadStream(file, {
      highWaterMark: PORTION,
      end: size - 1,
    }) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let end = part.indexOf(LINE_FEED); end >= 0; end = part.indexOf(LINE_FEED, from)) {
        const line = part.subarray(from, end);
        yield rest.length === 0 ? line : Buffer.concat([...rest, line]);
        rest = [];
        from = end + 1;
      }
      if (from < part.length) rest.push(part.subarray(from));
    }
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "ENOENT") throw thrown;
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

/** Collects lines and writes them in large portions. */
export function lineWriter(file: FileHandle) {
  let waiting: Buffer[] = [];
  let size = 0;
  let written = 0;
  async function flush(): Promise<void> {
    await writeWhole(file, Buffer.concat(waiting, size), written);
    written += size;
    waiting = [];
    size = 0;
  }
  return {
    async write(line: Buffer): Promise<void> {
      waiting.push(line, END);
      size += line.length + 1;
      if (size >= PORTION) await flush();
    },
    /** Bytes that were written in all. */
    async end(): Promise<number> {
      await flush();
      return written;
    },
  };
}

/** Writes at a place of the file. A single write may take a part only, of what is larger than 2 GiB or where a disk is full. */
export async function writeWhole(file: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let from = 0; from < bytes.length; ) {
    from += (await file.write(bytes, from, bytes.length - from, at + from)).bytesWritten;
  }
}

const END = Buffer.from("\n");
