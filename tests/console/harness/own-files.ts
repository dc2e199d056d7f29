/** Files that a page saves where it chooses: into its own file system, because no test can operate the browser's file dialog. */
import type { Page } from "playwright-core";

/** Runs in the page, and takes the place of its file dialog. A file is called `own` with the ending of the suggested name. */
export function chooseOwnFiles(): void {
  const page = window as { showSaveFilePicker?: unknown };
  page.showSaveFilePicker = async ({ suggestedName }: { suggestedName: string }) => {
    const root = await navigator.storage.getDirectory();
    return root.getFileHandle(`own.${suggestedName.split(".").at(-1)}`, { create: true });
  };
}

export async function ownFile(page: Page, ending: string): Promise<Buffer> {
  const base64 = await page.evaluate(async (name) => {
    const root = await navigator.storage.getDirectory();
    const bytes = new Uint8Array(await (await (await root.getFileHandle(name)).getFile()).arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
    return btoa(text);
  }, `own.${ending}`);
  return Buffer.from(base64, "base64");
}

/** Runs in the page: removes them, because nothing that the console does not keep may be left at the end of a test. */
export async function removeOwnFiles(): Promise<void> {
  const root = (await navigator.storage.getDirectory()) as FileSystemDirectoryHandle & {
    keys(): AsyncIterable<string>;
  };
  const names: string[] = [];
  for await (const name of root.keys()) if (name.startsWith("own.")) names.push(name);
  for (const name of names) await root.removeEntry(name);
}
