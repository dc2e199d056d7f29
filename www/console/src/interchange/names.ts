import type { Item } from "../workspace/model";

/** Variables that exports add and imports take away again. */
export const INSTANCE_VARIABLE = "instance_url";
export const TOKEN_VARIABLE = "access_token";

/** Makes addresses that begin with the instance's variable paths of the instance again. */
export function withoutInstance(items: readonly Item[]): void {
  const front = `{{${INSTANCE_VARIABLE}}}/`;
  for (const item of items) {
    if (item.kind === "folder") withoutInstance(item.items);
    else if (item.address.startsWith(front)) item.address = item.address.slice(front.length - 1);
  }
}
