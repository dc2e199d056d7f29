/** An instance whose imports do nothing. `given`: what a page fetches, what Node has read, or the module that workerd has compiled. */
export async function instantiated(given) {
  const module = await compiled(given);
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    imports[from][name] = () => undefined;
  }
  return WebAssembly.instantiate(module, imports);
}

function compiled(given) {
  if (given instanceof URL) return WebAssembly.compileStreaming(fetch(given));
  return given instanceof WebAssembly.Module ? given : new WebAssembly.Module(given);
}
