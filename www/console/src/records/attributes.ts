/** The attributes of fields in `sys_dictionary`, which the schema of the package leaves out. */
import type { Instance } from "sysparm";
import type { Attributes } from "./facts";

const MOST = 2_000;

/** `ancestry`: the table, the one that it extends, and so on. The nearest entry counts. Never rejects: `note` says what is missing. */
export async function readAttributes(
  instance: Pick<Instance, "table">,
  ancestry: readonly string[],
  signal: AbortSignal,
): Promise<{ of: Attributes; note: string }> {
  const query = `nameIN${ancestry.join(",")}^elementISNOTEMPTY^attributesISNOTEMPTY`;
  try {
    const fields = ["name", "element", "attributes"] as const;
    const { rows, hidden } = await instance.table("sys_dictionary").list({ query, fields, limit: MOST, signal });
    const far = (name: unknown) => ancestry.indexOf(String(name));
    const farthestFirst = [...rows].sort((one, other) => far(other.name) - far(one.name));
    const of = new Map(farthestFirst.map((row) => [String(row.element), String(row.attributes)]));
    return { of, note: hidden ? "Access rules hide some attributes of the dictionary." : "" };
  } catch {
    return { of: new Map(), note: "The attributes of the dictionary could not be read." };
  }
}
