/** The text of a chosen file, or why there is none. Never rejects. */
export async function readFile(file: Pick<Blob, "text">): Promise<{ text: string } | { problem: string }> {
  try {
    return { text: await file.text() };
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return { problem: `The file could not be read. ${why} Choose it again.` };
  }
}
