/** Texts that a command reads whole: of a file, or of standard input. */
import { Buffer } from "node:buffer";
import { createReadStream } from "node:fs";
import { stderr, stdin } from "node:process";
import { addAbortSignal } from "node:stream";
import { Interrupted, UsageError } from "./command.js";

/** Bytes of a file. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * The text of a file, or of standard input for `-`, without a byte order mark. `signal` ends the reading.
 * @throws UsageError that names it; Interrupted
 */
export async function readBounded(file: string, signal: AbortSignal): Promise<string> {
  const isInput = file === "-";
  if (isInput && stdin.isTTY) stderr.write("sysparm: reading standard input; end it with Ctrl-D.\n");
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of addAbortSignal(signal, isInput ? stdin : createReadStream(file))) {
      parts.push(part as Uint8Array);
      bytes += (part as Uint8Array).length;
      if (bytes > MOST_BYTES) throw new Error(`it has more than ${MOST_BYTES} bytes`);
    }
  } catch (thrown) {
    if (signal.aborted) throw new Interrupted();
    const name = isInput ? "standard input" : `\`${file}\``;
    throw new UsageError(`Invalid file ${name}: ${(thrown as Error).message}. Pass a text file that you may read.`);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}
