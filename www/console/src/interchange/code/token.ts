/** The fields of the token request of a grant. Those that hold a secret name it only. */
import type { AuthSetting } from "../../workspace/model";
import type { Piece } from "./program";

type Field = [name: string, value: Piece];

export function tokenFields(auth: Extract<AuthSetting, { kind: "oauth" }>): Field[] {
  const client: Field[] = [
    ["client_id", { text: auth.clientId }],
    ...(auth.clientSecret === undefined ? [] : [["client_secret", { env: "client_secret" }] as Field]),
    ...(auth.scope === undefined || auth.scope === "" ? [] : [["scope", { text: auth.scope }] as Field]),
  ];
  const grant = (name: string): Field => ["grant_type", { text: name }];
  switch (auth.grant) {
    case "client_credentials":
      return [grant("client_credentials"), ...client];
    case "password":
      return [grant("password"), ...client, ["username", { text: auth.username }], ["password", { env: "password" }]];
    case "refresh_token":
    // A person signs in for a code. The refresh token of that sign-in is used here.
    case "authorization_code":
      return [grant("refresh_token"), ...client, ["refresh_token", { env: "refresh_token" }]];
    case "jwt_bearer":
      return [grant("urn:ietf:params:oauth:grant-type:jwt-bearer"), ...client, ["assertion", { env: "assertion" }]];
  }
}
