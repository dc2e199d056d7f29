declare module "cloudflare:workers" {
  export class DurableObject {
    protected readonly ctx: {
      storage: { get<T>(name: string): Promise<T | undefined>; put(name: string, value: unknown): Promise<void> };
    };
    constructor(context: unknown, environment: unknown);
  }
}

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
