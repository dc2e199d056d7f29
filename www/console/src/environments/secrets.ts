/** The secrets that an environment uses. */
import type { Environment, EnvironmentAuth, SecretRef } from "../workspace/model";

/** Every reference of an environment, those of its variables included. */
export function secretsOf({ route, variables }: Environment): SecretRef[] {
  const ofRoute = route.way === "worker" ? [route.key] : authSecrets(route.auth);
  return [...ofRoute, ...variables.flatMap(({ secret }) => (secret === undefined ? [] : [secret]))];
}

function authSecrets(auth: EnvironmentAuth): SecretRef[] {
  switch (auth.kind) {
    case "basic":
      return [auth.password];
    case "bearer":
      return [auth.token];
    case "api-key":
      return [auth.key];
    case "oauth": {
      const client = auth.clientSecret === undefined ? [] : [auth.clientSecret];
      if (auth.grant === "password") return [...client, auth.password];
      if (auth.grant === "refresh_token") return [...client, auth.refreshToken];
      if (auth.grant === "jwt_bearer") return [...client, auth.privateKey];
      return client;
    }
  }
}
