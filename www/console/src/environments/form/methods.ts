/** What the form asks for, by how the environment signs in. */
import type { EnvironmentKind } from "../../workspace/model";

export const METHODS = [
  "client_credentials",
  "authorization_code",
  "password",
  "jwt_bearer",
  "refresh_token",
  "api-key",
  "basic",
  "bearer",
] as const;
export type SignInMethod = (typeof METHODS)[number];

export type TextField = "clientId" | "scope" | "username" | "subject" | "keyId" | "audience";
export type SecretField = "clientSecret" | "password" | "refreshToken" | "privateKey" | "key" | "token";

interface Asked {
  label: string;
  texts: TextField[];
  secrets: SecretField[];
  /** Of those above, what may be left empty. */
  optional: (TextField | SecretField)[];
  hint: string;
}

export const ASKED: Record<SignInMethod, Asked> = {
  client_credentials: {
    label: "OAuth: client credentials",
    texts: ["clientId", "scope"],
    secrets: ["clientSecret"],
    optional: ["scope"],
    hint: "For integrations, since Washington DC. The record on the instance names the user.",
  },
  authorization_code: {
    label: "OAuth: authorization code",
    texts: ["clientId", "scope"],
    secrets: ["clientSecret"],
    optional: ["scope", "clientSecret"],
    hint: "You sign in on the instance's own page and come back. Needs no secret for a public client. The redirect URL of the record is this page's address.",
  },
  password: {
    label: "OAuth: password",
    texts: ["clientId", "username", "scope"],
    secrets: ["clientSecret", "password"],
    optional: ["scope"],
    hint: "A user's name and password, exchanged for a token.",
  },
  jwt_bearer: {
    label: "OAuth: JWT bearer",
    texts: ["clientId", "subject", "keyId", "audience", "scope"],
    secrets: ["privateKey", "clientSecret"],
    optional: ["keyId", "audience", "scope", "clientSecret"],
    hint: "An assertion signed in this page with your private key.",
  },
  refresh_token: {
    label: "OAuth: refresh token",
    texts: ["clientId"],
    secrets: ["clientSecret", "refreshToken"],
    optional: ["clientSecret"],
    hint: "A refresh token from elsewhere.",
  },
  "api-key": {
    label: "API key",
    texts: [],
    secrets: ["key"],
    optional: [],
    hint: "Since Washington DC. Sent as the header x-sn-apikey.",
  },
  basic: {
    label: "User name and password (Basic)",
    texts: ["username"],
    secrets: ["password"],
    optional: [],
    hint: "Sent with every call. New instances refuse it for users who can log in interactively.",
  },
  bearer: {
    label: "Access token",
    texts: [],
    secrets: ["token"],
    optional: [],
    hint: "A token from elsewhere, used until the instance refuses it.",
  },
};

export const FIELD_LABELS: Record<TextField | SecretField, string> = {
  clientId: "Client ID",
  scope: "Scope",
  username: "User name",
  subject: "Subject",
  keyId: "Key ID",
  audience: "Audience",
  clientSecret: "Client secret",
  password: "Password",
  refreshToken: "Refresh token",
  privateKey: "Private key",
  key: "API key",
  token: "Access token",
};

export const KIND_LABELS: Record<EnvironmentKind, string> = {
  practice: "Practice",
  dev: "Development",
  test: "Test",
  prod: "Production",
};

export const KIND_NAMES: Record<EnvironmentKind, string> = {
  practice: "PRACTICE",
  dev: "DEV",
  test: "TEST",
  prod: "PROD",
};
