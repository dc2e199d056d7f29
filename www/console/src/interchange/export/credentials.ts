/** Decides which credentials an exported request inherits. Pure. */
import { createResolver } from "../../tester/variables";
import type { AuthSetting, Collection, Folder, SavedRequest, Variable } from "../../workspace/model";
import { INSTANCE_VARIABLE } from "../names";
import type { ExportFacts } from "./exported";

/** The collection and the folders around a request, outermost first. */
export type Ancestors = readonly Pick<Collection | Folder, "variables">[];

/**
 * The setting to write for a request. The console sends to the instance only, so what a request inherits is meant for the
 * instance. Other programs send to every address: there, a request to another host must not inherit it.
 */
export function exportedAuth(request: SavedRequest, ancestors: Ancestors, facts: ExportFacts): AuthSetting {
  return request.auth.kind === "inherit" && isElsewhere(request.address, ancestors, facts)
    ? { kind: "none" }
    : request.auth;
}

/** True also if a variable of unknown value leaves the host open. */
function isElsewhere(address: string, ancestors: Ancestors, { instanceUrl, variables = [] }: ExportFacts): boolean {
  if (address === "" || address.startsWith("/")) return false;
  const instance: Variable = { id: "", name: INSTANCE_VARIABLE, on: true, value: instanceUrl };
  const scopes = [{ variables }, ...ancestors, { variables: [instance] }].map((scope) => ({ name: "", ...scope }));
  const { text } = createResolver(scopes, () => undefined)(address);
  return originOf(text) === undefined || originOf(text) !== originOf(instanceUrl);
}

function originOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).origin : undefined;
}

export const NOT_INHERITED = "the address is not known to be on the instance; its credentials stay with it";
