/** Where a broker finds its tenant's credential: sealed in the registry, or for the one tenant of the plain bindings in them. */

import type { Auth } from "sysparm";
import { Sealing } from "sysparm/durable-object";
import { connectAuth, credentialContext, credentialOf } from "../tenants/credential.ts";
import { readTenant } from "../tenants/from-bindings.ts";
import { REGISTRY, type Registry } from "../tenants/registry-rpc.ts";
import { fingerprintOf } from "./fingerprint.ts";

/** The bindings that a broker uses. */
export interface CredentialBindings {
  INSTANCE_URL?: string;
  CLIENT_ID?: string;
  CLIENT_SECRET?: string;
  /** Opens what the registry has sealed, and seals tokens. */
  SEALING_KEYS?: string;
  TENANT_REGISTRY?: { getByName(name: string): CredentialRegistry };
}

/** The part of the registry that brokers use. */
export type CredentialRegistry = Pick<Registry, "find" | "credential" | "attention">;

/** A credential that was opened. */
export interface KnownCredential {
  readonly version: number;
  readonly url: string;
  readonly auth: Auth;
  /** A hash of the plain bindings, by which a change is noticed. */
  readonly fingerprint?: string;
}

/** The credential cannot be used. The message names a binding or a tenant, and no secret. */
export class CredentialError extends Error {
  override readonly name = "CredentialError";
}

/** @throws CredentialError, SealingError or ConfigurationError */
export async function loadCredential(
  bindings: CredentialBindings,
  tenant: string | null,
  before: { readonly version: number; readonly fingerprint?: string | undefined } | undefined,
): Promise<KnownCredential> {
  return tenant === null ? fromBindings(bindings, before) : fromRegistry(bindings, tenant);
}

async function fromBindings(
  bindings: CredentialBindings,
  before: { readonly version: number; readonly fingerprint?: string | undefined } | undefined,
): Promise<KnownCredential> {
  const { instanceUrl: url, clientId, clientSecret } = readTenant({ ...bindings });
  const fingerprint = await fingerprintOf(url, clientId, clientSecret);
  const version = before?.fingerprint === fingerprint ? before.version : (before?.version ?? 0) + 1;
  return { version, url, auth: { grant: "client_credentials", clientId, clientSecret }, fingerprint };
}

/** A tenant that is written between the two questions is read again. */
const MOST_READS = 3;

async function fromRegistry(bindings: CredentialBindings, tenant: string): Promise<KnownCredential> {
  const registry = bindings.TENANT_REGISTRY?.getByName(REGISTRY);
  if (!registry) throw new CredentialError("Missing binding TENANT_REGISTRY. Declare it as wrangler.jsonc does.");
  if (!bindings.SEALING_KEYS)
    throw new CredentialError("Missing binding SEALING_KEYS. Set it: npx wrangler secret put SEALING_KEYS.");
  for (let reads = 0; reads < MOST_READS; reads += 1) {
    const [entry, credential] = await Promise.all([registry.find(tenant), registry.credential(tenant)]);
    if (!entry || !credential) throw new CredentialError(`No tenant ${tenant} is registered.`);
    if (entry.credentialVersion !== credential.version) continue;
    const text = await Sealing.fromText(bindings.SEALING_KEYS).open(credential.sealed, credentialContext(tenant));
    return { version: credential.version, url: entry.instanceUrl, auth: await connectAuth(credentialOf(text)) };
  }
  throw new CredentialError(`The tenant ${tenant} is being changed. Send the request again.`);
}
