/** Where an export goes: into a file on disk as it comes, where the browser can do that; otherwise into a download at the end. */
import { saveAs } from "../../download";

export interface Sink {
  /** True if what was written is on disk and not in memory. */
  streams: boolean;
  write(part: string | Uint8Array): Promise<void>;
  /** Ends the file. Without it nothing is saved. */
  close(): Promise<void>;
  abandon(): Promise<void>;
}

interface PickerWindow {
  showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;
}

/** Asks where to save, where the browser can. Null if the person chose nothing. */
export async function pickSink(name: string, type: string): Promise<Sink | null> {
  const { showSaveFilePicker } = window as PickerWindow;
  if (!showSaveFilePicker) return downloadSink(name, type);
  try {
    const handle = await showSaveFilePicker.call(window, { suggestedName: name });
    return fileSink(await handle.createWritable());
  } catch (thrown) {
    if (thrown instanceof DOMException && thrown.name === "AbortError") return null;
    throw thrown;
  }
}

export function fileSink(file: FileSystemWritableFileStream): Sink {
  return {
    streams: true,
    write: (part) => file.write(part as string | Uint8Array<ArrayBuffer>),
    close: () => file.close(),
    abandon: () => file.abort(),
  };
}

/** Collects parts into Blobs, which browsers keep outside of the page's memory and, when they are large, on disk. */
export function downloadSink(name: string, type: string): Sink {
  const blobs: Blob[] = [];
  let parts: BlobPart[] = [];
  let size = 0;
  const gather = () => {
    blobs.push(new Blob(parts));
    parts = [];
    size = 0;
  };
  return {
    streams: false,
    write: async (part) => {
      parts.push(part as BlobPart);
      size += part.length;
      if (size >= BLOB_SIZE) gather();
    },
    close: async () => {
      gather();
      saveAs(name, type, blobs);
    },
    abandon: async () => {
      blobs.length = 0;
      parts = [];
    },
  };
}

const BLOB_SIZE = 4_000_000;
