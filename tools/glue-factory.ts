/**
 * Makes a function of the glue that wasm-bindgen generates for one instance in the life of a program. Each call of it is a glue by itself,
 * so that after a trap another instance serves while objects of the first can reach nothing but the first.
 */

/** `glue` with a default export `(guard) => ({ ...its exports, initSync, default })`; the guard stands before all that an instance exports. */
export function factoryOf(glue: string): string {
  const names = [...glue.matchAll(/^export (?:class|function) (\w+)/gm)].map(([, name]) => name);
  let text = glue.replace(/^export (?=class |function )/gm, "").replace(/^export \{ wasm as __wasm \};?$/m, "");
  const change = (from: string | RegExp, to: string) => {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`wasm-bindgen's glue no longer holds ${from}`);
    text = changed;
  };
  change("wasm = instance.exports;", "wasm = guard(instance.exports, module);");
  change(/^export \{ initSync, __wbg_init as default \};$/m, "");
  // An object of an instance that has ended is let go of without a word: a collector calls this too.
  if (names.some((name) => text.includes(`class ${name} `))) change(/wasm\.(__wbg_\w+_free)\(/g, "quietly(wasm.$1, ");
  const quietly = "const quietly = (free, ...given) => { try { free(...given); } catch {} };";
  const made = `{ ${names.join(", ")}, initSync, default: __wbg_init }`;
  return `${quietly}\nexport default function (guard) {\n${text}\nreturn ${made};\n}\n`;
}
