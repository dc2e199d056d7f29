/** What this page has read of every environment's tables. */
import type { Host } from "../tester/host";
import type { Known } from "./known";
import { createSchemas } from "./schemas";

export const schemas = createSchemas();

/** Of the environment in use. */
export function knownOf(host: Pick<Host, "environment" | "instance">): Known {
  const name = host.environment()?.name;
  return schemas.of(
    host.instance(),
    name === undefined
      ? "No environment is in use, so no tables and fields are known."
      : `${name} is not connected, so its tables and fields are not known.`,
  );
}
