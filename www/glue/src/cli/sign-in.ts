/** The ways of signing in that the program offers: what a profile holds of each, and which secrets it takes. */
import type { Auth } from "sysparm";
import type { IntegrationCredentials } from "sysparm/doctor";

/** A text of a way, by the name that options of `connect()` have for it. */
export type FieldOfWay = "clientId" | "username" | "scope";
export type SecretOfWay = "clientSecret" | "password" | "apiKey" | "token";
export type SignInValues = Readonly<Partial<Record<FieldOfWay | SecretOfWay, string>>>;

/** What both `connect()` and the doctor take. */
export type OfferedAuth = Extract<IntegrationCredentials, Auth>;

export interface SignInWay {
  /** As the option `--sign-in` and the file of profiles have it. */
  kind: string;
  fields: readonly FieldOfWay[];
  mayHave: readonly FieldOfWay[];
  secrets: readonly SecretOfWay[];
  /** Of `values` that hold every field and every secret. */
  auth(values: SignInValues): OfferedAuth;
}

/** Of the environment's variables the first way is taken that has all of its own. */
export const WAYS: readonly SignInWay[] = [
  { kind: "token", fields: [], mayHave: [], secrets: ["token"], auth: ({ token = "" }) => ({ token }) },
  { kind: "api_key", fields: [], mayHave: [], secrets: ["apiKey"], auth: ({ apiKey = "" }) => ({ apiKey }) },
  {
    kind: "password",
    fields: ["clientId", "username"],
    mayHave: ["scope"],
    secrets: ["clientSecret", "password"],
    auth: ({ clientId = "", clientSecret = "", username = "", password = "", scope }) => {
      return { grant: "password", clientId, clientSecret, username, password, scope };
    },
  },
  {
    kind: "client_credentials",
    fields: ["clientId"],
    mayHave: ["scope"],
    secrets: ["clientSecret"],
    auth: ({ clientId = "", clientSecret = "", scope }) => {
      return { grant: "client_credentials", clientId, clientSecret, scope };
    },
  },
  {
    kind: "basic",
    fields: ["username"],
    mayHave: [],
    secrets: ["password"],
    auth: ({ username = "", password = "" }) => ({ username, password }),
  },
];

/** `clientSecret` is SYSPARM_CLIENT_SECRET; of the profile `dev-2` it is SYSPARM_DEV_2_CLIENT_SECRET. */
export function variableOf(name: FieldOfWay | SecretOfWay, profile?: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  return ["SYSPARM", ...(profile ? [profile.replaceAll("-", "_").toUpperCase()] : []), words].join("_");
}

/** `clientSecret` in words: "client secret". */
export function inWords(name: FieldOfWay | SecretOfWay): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
