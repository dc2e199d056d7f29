declare module "cloudflare:workers" {
  export const waitUntil: ((work: Promise<unknown>) => void) | undefined;
  export class DurableObject<Env = unknown> {
    protected readonly ctx: {
      readonly id: { toString(): string };
      readonly storage: {
        get<T>(name: string): Promise<T | undefined>;
        put(name: string, value: unknown): Promise<void>;
        delete(names: string[]): Promise<number>;
        list(options: { prefix: string }): Promise<Map<string, unknown>>;
        setAlarm(at: number): Promise<void>;
        deleteAlarm(): Promise<void>;
        deleteAll(): Promise<void>;
      };
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
