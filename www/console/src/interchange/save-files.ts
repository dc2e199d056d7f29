/** Saves the files of an export: into a folder that the person chooses, where the browser can do that, otherwise one by one. */
import { saveAs } from "../download";

type Files = readonly { path: string; text: string }[];

export async function saveFiles(files: Files): Promise<void> {
  const { showDirectoryPicker } = window as {
    showDirectoryPicker?: (options: { mode: "readwrite" }) => Promise<FileSystemDirectoryHandle>;
  };
  if (files.length > 1 && showDirectoryPicker) {
    await writeFolder(await showDirectoryPicker.call(window, { mode: "readwrite" }), files);
    return;
  }
  for (const { path, text } of files) saveAs(path.replaceAll("/", " - "), "application/octet-stream", [text]);
}

async function writeFolder(root: FileSystemDirectoryHandle, files: Files): Promise<void> {
  for (const { path, text } of files) {
    const folders = path.split("/");
    const name = folders.pop() ?? "";
    let folder = root;
    for (const one of folders) folder = await folder.getDirectoryHandle(one, { create: true });
    const file = await (await folder.getFileHandle(name, { create: true })).createWritable();
    await file.write(text);
    await file.close();
  }
}
