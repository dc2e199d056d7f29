/** The class by which a method is coloured: reads are neutral, writes amber, deletes red. */
import type { Method } from "../workspace/model";

export function methodClass(method: Method): string {
  if (method === "DELETE") return "method-delete";
  return method === "GET" || method === "HEAD" || method === "OPTIONS" ? "method-read" : "method-write";
}
