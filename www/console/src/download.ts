/** Saves text as a file from this page's memory; no request is made. */
export function saveAs(name: string, type: string, parts: string[]): void {
  const address = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has taken hold of the file by the next turn of its loop; a minute is more than it needs.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
