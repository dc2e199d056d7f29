declare module "cloudflare:workers" {
  export const waitUntil: ((work: Promise<unknown>) => void) | undefined;
  export class DurableObject {
    protected readonly ctx: {
      storage: { get<T>(name: string): Promise<T | undefined>; put(name: string, value: unknown): Promise<void> };
    };
    constructor(context: unknown, environment: unknown);
  }
}

/** Written by the build from a .wasm file. */
declare module "*-embedded.js" {
  /** The deflated bytes as base64. */
  export const text: string;
  export default function bytes(): Promise<BufferSource>;
}

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}
