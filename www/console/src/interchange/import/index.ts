/** Recognises what a text is and reads it. The reader of each format is loaded on demand. */
import type { Imported } from "../../workspace/model";
import type { TextFile } from "./bruno-files";
import { ImportError } from "./intake";
import { parseJson } from "./json";
import { field } from "./reading";

export type Format =
  | "curl"
  | "postman"
  | "postman-environment"
  | "openapi"
  | "openapi-yaml"
  | "har"
  | "bruno"
  | "bruno-json"
  | "hoppscotch"
  | "hoppscotch-environment";

/** What the text seems to be, judged by its beginning and by names of its first level. Undefined if it is none of the formats. */
export function recognise(text: string, fileName = ""): Format | undefined {
  return recogniseText(text, fileName) ?? recogniseJson(parseJson(text));
}

/** Rejects with an `ImportError` whose message says what was expected. */
export async function importText(text: string, fileName = ""): Promise<Imported> {
  if (text.length > LONGEST) {
    throw new ImportError(
      `The text has ${text.length.toLocaleString("en")} characters. Split it: at most ${LONGEST.toLocaleString("en")} can be read.`,
    );
  }
  try {
    return await read(text, fileName);
  } catch (thrown) {
    // Readers bound the depth of what they walk. What they copy as a whole may still be too deep.
    if (thrown instanceof RangeError) throw new ImportError("The text is nested too deeply to be read.");
    throw thrown;
  }
}

async function read(text: string, fileName: string): Promise<Imported> {
  const begun = recogniseText(text, fileName);
  const value = begun === undefined ? parseJson(text) : undefined;
  switch (begun ?? recogniseJson(value)) {
    case "curl":
      return (await import("./curl")).importCurl(text.trim());
    case "postman":
      return (await import("./postman")).importPostman(value);
    case "postman-environment":
      return (await import("./postman")).importPostmanEnvironment(value);
    case "openapi":
      return (await import("./openapi")).importOpenapi(value, "JSON");
    case "openapi-yaml": {
      const { parseYaml } = await import("./yaml");
      return (await import("./openapi")).importOpenapi(parseYaml(text), "YAML");
    }
    case "har":
      return (await import("./har")).importHar(value);
    case "bruno":
      return (await import("./bruno-files")).importBrunoFiles([
        { path: fileName.split("/").at(-1) || "Request.bru", text },
      ]);
    case "bruno-json":
      return (await import("./bruno-json")).importBrunoJson(value);
    case "hoppscotch":
      return (await import("./hoppscotch")).importHoppscotch(value);
    case "hoppscotch-environment":
      return (await import("./hoppscotch")).importHoppscotchEnvironment(value);
    default:
      throw new ImportError(EXPECTED);
  }
}

/** The files of one folder, such as a collection that Bruno keeps in git. A single file is read by its content. */
export async function importFiles(files: readonly TextFile[]): Promise<Imported> {
  const [only] = files;
  if (only && files.length === 1) return importText(only.text, only.path);
  if (!files.some(({ path }) => path.endsWith(".bru"))) {
    throw new ImportError("None of these files ends in .bru. Choose one file, or the folder of a Bruno collection.");
  }
  return (await import("./bruno-files")).importBrunoFiles(files);
}

function recogniseText(text: string, fileName: string): Format | undefined {
  const begin = text.slice(0, 2000).trimStart();
  if (/^(?:[$>#%]\s+)?(?:\S*[/\\])?curl(?:\.exe)?\s/i.test(begin)) return "curl";
  // Some writers sort the keys, so that the version stands far down.
  if (!/^\uFEFF?\s*[[{]/.test(begin) && /^["']?(?:openapi|swagger)["']?[ \t]*:/m.test(text)) return "openapi-yaml";
  if (fileName.endsWith(".bru") || /^(?:meta|get|post|put|patch|delete|head|options|vars|http)\s*\{\s*$/m.test(begin))
    return "bruno";
  return undefined;
}

function recogniseJson(value: unknown): Format | undefined {
  const first = Array.isArray(value) ? value[0] : value;
  if (
    Array.isArray(field(first, "folders")) &&
    Array.isArray(field(first, "requests")) &&
    field(first, "order") === undefined
  )
    return "hoppscotch";
  if (
    Array.isArray(field(first, "variables")) &&
    field(first, "name") !== undefined &&
    field(first, "items") === undefined
  )
    return "hoppscotch-environment";
  if (Array.isArray(field(value, "items")) && field(value, "name") !== undefined) return "bruno-json";
  const outer = field(value, "collection") ?? value;
  if (
    Array.isArray(field(outer, "item")) &&
    (field(outer, "info") !== undefined || field(outer, "variable") !== undefined)
  )
    return "postman";
  if (Array.isArray(field(value, "requests")) && Array.isArray(field(value, "order"))) return "postman";
  if (field(value, "openapi") !== undefined || field(value, "swagger") !== undefined) return "openapi";
  if (field(field(value, "log"), "entries") !== undefined) return "har";
  const values = field(value, "values");
  // One written by hand for newman has no name.
  const areVariables = Array.isArray(values) && values.every((one) => typeof field(one, "key") === "string");
  if (areVariables || (Array.isArray(values) && field(value, "name") !== undefined)) return "postman-environment";
  return undefined;
}

export type { TextFile };
export { ImportError };

const EXPECTED =
  "The text is of no known format. Expected a curl line, a Postman collection (2.0 or 2.1), an OpenAPI document (3.0 or 3.1, JSON or YAML), a HAR log, or a collection of Bruno or Hoppscotch.";

/** About the size of the largest exports met. */
const LONGEST = 64_000_000;
