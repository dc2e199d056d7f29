/** Saves text or bytes as a file from this page's memory, without a request. */
export function saveAs(name: string, type: string, parts: BlobPart[]): void {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser needs the URL until the download has started. A minute is more than enough.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** A name that a person gave, as a part of the name of a file. */
export function inFileName(name: string): string {
  return name.replace(/[^\p{L}\p{N}_.-]+/gu, "-").toLowerCase();
}
