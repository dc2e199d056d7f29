/** Registry records that clients sign in with: others are for providers that the instance itself signs in to. */
import type { Inventory, OAuthClient } from "sysparm/environments";
import type { FindingList } from "./findings.js";

/** Values of `oauth_entity.type`: "OAuth API endpoint for external clients", and the one for JWT. */
const INBOUND: ReadonlySet<string> = new Set(["client", "jwt"]);

/** Active clients that can be judged. Records of another or a hidden type are noted as not examined. */
export function inboundClients(list: FindingList, { clients }: Inventory): OAuthClient[] {
  const active = (list.value("clients", clients) ?? []).filter(({ active }) => active !== false);
  for (const client of active.filter((one) => !isInbound(one)))
    list.unread(
      `${nameOf(client)} of the application registry`,
      client.type === undefined ? "its type was not read" : `records of type ${client.type || "(none)"} are not judged`,
    );
  return active.filter(isInbound);
}

export function isInbound({ type }: OAuthClient): boolean {
  return type !== undefined && INBOUND.has(type);
}

export function nameOf({ name, clientId, sysId }: OAuthClient): string {
  return `client ${name || clientId || sysId}`;
}
