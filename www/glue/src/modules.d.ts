declare module "cloudflare:workers" {
  export const waitUntil: ((work: Promise<unknown>) => void) | undefined;
  export class DurableObject<Env = unknown> {
    protected readonly ctx: {
      readonly id: { toString(): string };
      readonly storage: import("./durable-object/sealed-storage.js").ObjectStorage & { deleteAll(): Promise<void> };
    };
    protected readonly env: Env;
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
