/** The ways to sign in that a request can have, and the change from one to another. Pure. */
import { ASKED, FIELD_LABELS, type SecretField, type SignInMethod, type TextField } from "../environments/form/methods";
import type { AuthSetting, SecretRef } from "../workspace/model";

export type RequestMethod = SignInMethod | "inherit" | "none";

/** Without the authorization code, for which a person leaves the page: an import may bring it. */
export const REQUEST_METHODS: readonly RequestMethod[] = [
  "inherit",
  "none",
  "basic",
  "bearer",
  "api-key",
  "client_credentials",
  "password",
  "refresh_token",
  "jwt_bearer",
];

export function methodOf(auth: AuthSetting): RequestMethod {
  return auth.kind === "oauth" ? auth.grant : auth.kind;
}

export function methodLabel(method: RequestMethod): string {
  if (method === "inherit") return "As the folder and the environment say";
  return method === "none" ? "None" : ASKED[method].label;
}

export interface AuthField {
  name: TextField | SecretField;
  label: string;
  secret: boolean;
  optional: boolean;
}

/** The fields of a method: the needed ones first, and texts before secrets. */
export function fieldsOf(method: RequestMethod): AuthField[] {
  if (method === "inherit" || method === "none") return [];
  const { texts, secrets, optional } = ASKED[method];
  const field = (name: TextField | SecretField, secret: boolean): AuthField => ({
    name,
    label: FIELD_LABELS[name],
    secret,
    optional: optional.includes(name as never),
  });
  const all = [...texts.map((name) => field(name, false)), ...secrets.map((name) => field(name, true))];
  return all.sort((one, other) => Number(one.optional) - Number(other.optional));
}

/** The value of a field: a text, or the reference of a secret. Undefined if there is none. */
export function fieldValue(auth: AuthSetting, name: AuthField["name"]): string | undefined {
  return (auth as Partial<Record<AuthField["name"], string>>)[name];
}

/** The setting with another value of a field. An optional one that is empty is left out. */
export function withValue(auth: AuthSetting, { name, optional }: AuthField, value: string): AuthSetting {
  const { [name]: _, ...rest } = auth as Record<string, unknown>;
  return (optional && value === "" ? rest : { ...rest, [name]: value }) as unknown as AuthSetting;
}

/** The setting for another method. What both have keeps its value; a new secret gets a reference that the vault does not hold yet. */
export function changedTo(method: RequestMethod, before: AuthSetting, newRef: () => SecretRef): AuthSetting {
  if (method === "inherit" || method === "none") return { kind: method };
  const values = fieldsOf(method).flatMap(({ name, secret, optional }): [string, string][] => {
    const value = fieldValue(before, name);
    if (value !== undefined) return [[name, value]];
    return optional ? [] : [[name, secret ? newRef() : ""]];
  });
  const fixed =
    method === "basic" || method === "bearer"
      ? { kind: method }
      : method === "api-key"
        ? { kind: method, in: "header" }
        : { kind: "oauth", grant: method };
  return { ...fixed, ...Object.fromEntries(values) } as AuthSetting;
}

/** What must be entered before the request can be sent, in words; empty if nothing. */
export function missingWords(auth: AuthSetting, isHeld: (ref: SecretRef) => boolean): string {
  const missing = fieldsOf(methodOf(auth)).filter(({ name, secret, optional }) => {
    const value = fieldValue(auth, name) ?? "";
    return !optional && (secret ? !isHeld(value as SecretRef) : value.trim() === "");
  });
  return missing.length === 0 ? "" : `Enter ${missing.map(({ label }) => label).join(", ")}.`;
}
