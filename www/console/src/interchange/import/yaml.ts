/** Reads YAML within bounds: aliases cannot multiply, and no text takes minutes. */
import { parse } from "yaml";
import { ImportError } from "./intake";

export function parseYaml(text: string): unknown {
  if (text.length > LONGEST) {
    throw new ImportError(
      `The YAML text has ${text.length.toLocaleString("en")} characters. At most ${LONGEST.toLocaleString("en")} can be read: save it as JSON, which is read faster.`,
    );
  }
  try {
    return parse(text, { maxAliasCount: 200, uniqueKeys: false, logLevel: "error" });
  } catch (thrown) {
    const reason =
      thrown instanceof RangeError
        ? "it is nested too deeply"
        : thrown instanceof Error
          ? thrown.message.split("\n")[0]
          : String(thrown);
    throw new ImportError(`The text is not valid YAML: ${reason}`);
  }
}

/** Parsing this much takes about ten seconds of a Worker. */
const LONGEST = 5_000_000;
