/** What every export returns, and the names that stand for secrets in it. No export reads the vault. */
import type { AuthSetting, EnvironmentAuth, Loss, SecretRef, Variable } from "../../workspace/model";
import { INSTANCE_VARIABLE } from "../names";

export interface Exported {
  /** One file, or the files of a folder with `/` in their paths. */
  files: { path: string; text: string }[];
  losses: Loss[];
}

/** What an export may know of the environment in use. */
export interface ExportFacts {
  /** Such as `https://dev1.service-now.com`, without a slash at its end. */
  instanceUrl: string;
  auth: EnvironmentAuth;
  /** Variables of the environment; they tell which addresses are on the instance. */
  variables?: readonly Variable[];
}

/** The name of the instance's address belongs to the export: another value would take the credentials elsewhere. */
export function ownVariables(variables: readonly Variable[], lose: (what: string, why: string) => void): Variable[] {
  const own = variables.filter(({ name }) => name.trim() !== INSTANCE_VARIABLE);
  if (own.length < variables.length)
    lose(`variable ${INSTANCE_VARIABLE}`, "the export gives the instance's address this name");
  return own;
}

export type Places = ReturnType<typeof createPlaces>;

/** Gives each secret a variable, named by what it is. `taken` are names that mean something else. */
export function createPlaces(taken: Iterable<string> = []) {
  const used = new Set(taken);
  const names = new Map<SecretRef, string>();

  /** `{{name}}` for the secret. The same reference gets the same name. */
  function place(ref: SecretRef, hint: string): string {
    const known = names.get(ref);
    if (known !== undefined) return `{{${known}}}`;
    let free = hint;
    for (let count = 2; used.has(free); count += 1) free = `${hint}_${count}`;
    used.add(free);
    names.set(ref, free);
    return `{{${free}}}`;
  }

  return { place, names: (): string[] => [...names.values()] };
}

/** A name for a file on every system: no path, no reserved name, not empty, not too long. */
export function fileName(name: string, fallback: string): string {
  const plain = name
    .replace(/[\p{Cc}\p{Cf}<>:"/\\|?*]/gu, " ")
    .replace(/\s+/g, " ")
    .replace(/^[. ]+|[. ]+$/g, "")
    .slice(0, 80)
    .trim();
  return plain === "" || /^(?:con|prn|aux|nul|com\d|lpt\d)$/i.test(plain)
    ? `${fallback}${plain === "" ? "" : ` ${plain}`}`
    : plain;
}

/** The fields of the token request for a grant, and what must be filled in by hand. Undefined if the setting needs no token. */
export function tokenFields(auth: AuthSetting, places: Places): [name: string, value: string][] | undefined {
  if (auth.kind !== "oauth") return undefined;
  const secret: [string, string][] =
    auth.clientSecret === undefined ? [] : [["client_secret", places.place(auth.clientSecret, "client_secret")]];
  const scope: [string, string][] = auth.scope === undefined || auth.scope === "" ? [] : [["scope", auth.scope]];
  const client: [string, string][] = [["client_id", auth.clientId], ...secret, ...scope];
  switch (auth.grant) {
    case "client_credentials":
      return [["grant_type", "client_credentials"], ...client];
    case "password":
      return [
        ["grant_type", "password"],
        ...client,
        ["username", auth.username],
        ["password", places.place(auth.password, "password")],
      ];
    case "refresh_token":
      return [
        ["grant_type", "refresh_token"],
        ...client,
        ["refresh_token", places.place(auth.refreshToken, "refresh_token")],
      ];
    case "authorization_code":
      // A person signs in for the code. A refresh token of that sign-in can be used without one.
      return [["grant_type", "refresh_token"], ...client, ["refresh_token", "{{refresh_token}}"]];
    case "jwt_bearer":
      return [["grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"], ...client, ["assertion", "{{assertion}}"]];
  }
}
