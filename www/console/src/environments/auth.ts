/** Turns the setting of an environment and the vault's secrets into options of the package. */
import type { Auth, OAuthClient } from "sysparm";
import type { Vault } from "../vault/vault";
import type { EnvironmentAuth, SecretRef } from "../workspace/model";
import { signingKey } from "./signing-key";

/** A secret that the vault does not hold: it was entered before a reload and not remembered. */
export class MissingSecret extends Error {
  override readonly name = "MissingSecret";

  constructor(readonly what: string) {
    super(`The ${what} is not held any more. Enter it again.`);
  }
}

/** The text of a secret. @throws MissingSecret when it is not held */
export function secretText(vault: Pick<Vault, "get">, ref: SecretRef, what: string): string {
  const secret = vault.get(ref);
  if (!secret) throw new MissingSecret(what);
  return secret.reveal();
}

/** @throws MissingSecret; Error for a private key that cannot be imported */
export async function authOf(auth: EnvironmentAuth, vault: Pick<Vault, "get">, redirectUri: string): Promise<Auth> {
  const text = (ref: SecretRef, what: string) => secretText(vault, ref, what);
  switch (auth.kind) {
    case "basic":
      return { username: auth.username, password: text(auth.password, "password") };
    case "bearer":
      return { token: text(auth.token, "access token") };
    case "api-key":
      return { apiKey: text(auth.key, "API key"), in: auth.in };
    case "oauth": {
      const clientSecret = auth.clientSecret && text(auth.clientSecret, "client secret");
      const client: OAuthClient & { scope?: string } = {
        clientId: auth.clientId,
        ...(clientSecret && { clientSecret }),
        ...(auth.scope && { scope: auth.scope }),
      };
      const withSecret = { ...client, clientSecret: clientSecret ?? "" };
      switch (auth.grant) {
        case "client_credentials":
          return { grant: auth.grant, ...withSecret };
        case "password":
          return {
            grant: auth.grant,
            ...withSecret,
            username: auth.username,
            password: text(auth.password, "password"),
          };
        case "refresh_token":
          return { grant: auth.grant, ...client, refreshToken: text(auth.refreshToken, "refresh token") };
        case "authorization_code":
          return { grant: auth.grant, ...client, redirectUri };
        case "jwt_bearer":
          return {
            grant: auth.grant,
            ...client,
            subject: auth.subject,
            key: await signingKey(text(auth.privateKey, "private key")),
            ...(auth.keyId && { keyId: auth.keyId }),
            ...(auth.audience && { audience: auth.audience }),
          };
      }
    }
  }
}
