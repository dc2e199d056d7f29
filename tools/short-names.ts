/**
 * The names by which a WebAssembly file and its glue find each other, made short in both: wasm-bindgen's are long and hold sums that
 * nothing compresses. Of the client it is 1 % of the bytes.
 */
import { execFileSync } from "node:child_process";

/** What rustc's WebAssembly uses; all that there is would be written in a form that not every engine reads. */
const FEATURES = [
  "bulk-memory",
  "nontrapping-float-to-int",
  "sign-ext",
  "mutable-globals",
  "reference-types",
  "multivalue",
];

export interface ShortNames {
  /** The names of imports, whatever their module, and of exports, by what they were. */
  imports: Map<string, string>;
  exports: Map<string, string>;
}

/** Rewrites the file. */
export function shortenNames(wasm: string): ShortNames {
  const features = FEATURES.map((feature) => `--enable-${feature}`);
  const told = execFileSync(
    "wasm-opt",
    [wasm, ...features, "--minify-imports-and-exports-and-modules", "--strip-target-features", "-o", wasm],
    {
      encoding: "utf8",
    },
  );
  const names: ShortNames = { imports: new Map(), exports: new Map() };
  for (const [, first = "", second = "", third] of told.matchAll(/\["([^"]+)", "([^"]+)"(?:, "([^"]+)")?\]/g)) {
    if (third === undefined) names.exports.set(first, second);
    else names.imports.set(second, third);
  }
  if (names.imports.size === 0 || names.exports.size === 0) throw new Error(`wasm-opt shortened no names of ${wasm}`);
  return names;
}

/** The glue with the names as they are now. Every one has to be found. */
export function withShortNames(glue: string, { imports, exports }: ShortNames): string {
  const used = new Set<string>();
  const short = (names: Map<string, string>, name: string) => {
    const found = names.get(name);
    if (found === undefined) throw new Error(`the glue asks for ${name}, which its WebAssembly does not have`);
    used.add(name);
    return found;
  };
  const text = glue
    // Of modules there is one, and binaryen calls it so.
    .replace(/"\.\/\w+_bg\.js": import0/, '"a": import0')
    .replace(/^( {8})(__\w+): function/gm, (_, space, name) => `${space}${short(imports, name)}: function`)
    .replace(/\bwasm\.(\w+)\b/g, (_, name) => `wasm.${short(exports, name)}`);
  const missed = [...imports.keys()].filter((name) => !used.has(name));
  if (missed.length > 0) throw new Error(`the glue has no ${missed.join(", ")}, for which its WebAssembly asks`);
  return text;
}
