/** The tester's host without a browser. */
import type { Host } from "../src/tester/host";
import { newSecretRef } from "../src/workspace/model";

/** No environment, no connection; every write is allowed. `part` replaces members. */
export function hostDouble(part: Partial<Host> = {}): Host {
  return {
    environment: () => undefined,
    instance: () => null,
    secret: () => undefined,
    putSecret: async () => newSecretRef(),
    forgetUnused: async () => undefined,
    allowWrite: async () => true,
    allowRun: async () => true,
    setVariables: async () => undefined,
    instanceWith: () => Promise.reject(new Error("No request has auth of its own.")),
    ...part,
  };
}
