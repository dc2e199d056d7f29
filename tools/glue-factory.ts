/**
 * Makes a function of the glue that wasm-bindgen generates for one instance in the life of a program. Each call of it is a glue by itself,
 * so that after a trap another instance serves while objects of the first can reach nothing but the first.
 */

const INSTANTIATING = `
const finish = (instance, module) => __wbg_finalize_init(instance, module);
const instantiateNow = (module) => finish(new WebAssembly.Instance(module, __wbg_get_imports()), module);
const instantiate = async (module) => finish(await WebAssembly.instantiate(module, __wbg_get_imports()), module);`;

/**
 * `glue` with a default export `(guard) => ({ ...its exports, instantiateNow, instantiate })`; the guard stands before all that an instance
 * exports. Both take a compiled module: how one comes is the same for all modules (`shared/wasm-module.ts`).
 */
export function factoryOf(glue: string): string {
  const names = [...glue.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name);
  let text = glue.replace(/^export (?=class |function )/gm, "");
  const change = (from: string | RegExp, to: string) => {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`wasm-bindgen's glue no longer holds ${from}`);
    text = changed;
  };
  change("wasm = instance.exports;", "wasm = guard(instance.exports, module);");
  change(/^async function __wbg_load\([\s\S]*/m, INSTANTIATING);
  // An object of an instance that has ended is let go of without a word: a collector calls this too.
  if (names.some((name) => text.includes(`class ${name} `))) change(/wasm\.(__wbg_\w+_free)\(/g, "quietly(wasm.$1, ");
  const quietly = "const quietly = (free, ...given) => { try { free(...given); } catch {} };";
  const made = `{ ${names.join(", ")}, instantiateNow, instantiate }`;
  return `${quietly}\nexport default function (guard) {\n${text}\nreturn ${made};\n}\n`;
}
