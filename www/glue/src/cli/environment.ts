/** The facts of an environment: read from an instance, or from a file that `sysparm compare --save` wrote. */
import type { Instance } from "sysparm";
import type { AuthMethod, Inventory, InventoryOptions } from "sysparm/environments";
import { UsageError, type World } from "./command.js";
import { connected } from "./connected.js";

type ReadOptions = Pick<InventoryOptions, "tables" | "user" | "properties" | "plugins">;

/**
 * Reads that of `profile`, or of the environment variables without it; the records with the profile `administrator`, where there
 * is one.
 */
export async function readEnvironment(
  profile: string | undefined,
  administrator: string | undefined,
  options: ReadOptions,
  world: World,
): Promise<Inventory> {
  const { readInventory } = await import("sysparm/environments");
  const read = (reader?: Instance) =>
    connected({ profile }, world, (instance, { name, signIn, clientId }) =>
      readInventory(instance, {
        ...options,
        name,
        administrator: reader,
        // A profile of another than the integration signs in in a way of its own.
        ...(options.user === undefined && {
          method: signIn as AuthMethod,
          ...(clientId !== undefined && { clientId }),
        }),
        signal: world.signal,
        onProgress: (fact) => world.progress(`${name}: ${fact}`),
      }),
    );
  return administrator === undefined ? read() : connected({ profile: administrator }, world, read);
}

/** @throws UsageError that names the file */
export function savedInventory(file: string, text: string): Inventory {
  try {
    return JSON.parse(text);
  } catch {
    const wrong = `Invalid file \`${file}\`: it is not valid JSON`;
    throw new UsageError(`${wrong}. Pass a file that \`sysparm compare --save\` wrote.`);
  }
}
