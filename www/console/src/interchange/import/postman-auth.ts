/** How a Postman request signs in. Format 2.1 has lists of key and value, format 2.0 plain objects. */
import type { AuthSetting, OAuthSetting } from "../../workspace/model";
import { otherGrant, otherSignIn, readApiKey } from "./collection-parts";
import type { Intake, Where } from "./intake";
import { entries, field, isFields, text } from "./reading";

export function postmanAuth(given: unknown, where: Where, intake: Intake): AuthSetting {
  if (!isFields(given)) return { kind: "inherit" };
  const type = text(field(given, "type"));
  const values = settings(field(given, type));
  const get = (name: string) => values.get(name) ?? "";
  switch (type) {
    case "":
    case "inherit":
      return { kind: "inherit" };
    case "noauth":
      return { kind: "none" };
    case "basic":
      return { kind: "basic", username: get("username"), password: intake.keep(get("password")) };
    case "bearer":
      return { kind: "bearer", token: intake.keep(get("token")) };
    case "apikey":
      return readApiKey(get("key"), get("value"), get("in") === "query", where, intake);
    case "oauth2":
      return oauth(get, where, intake);
    default:
      return otherSignIn(type, where, intake);
  }
}

function oauth(get: (name: string) => string, where: Where, intake: Intake): AuthSetting {
  if (get("clientId") === "" && get("accessToken") !== "")
    return { kind: "bearer", token: intake.keep(get("accessToken")) };
  const address = get("accessTokenUrl");
  if (address !== "" && !/\/oauth_token\.do$/.test(address)) {
    intake.lose(where, "token address", "tokens come from /oauth_token.do of the instance");
  }
  if (get("accessToken") !== "") intake.lose(where, "access token", "a new one is requested");
  const client = {
    clientId: get("clientId"),
    ...(get("clientSecret") === "" ? {} : { clientSecret: intake.keep(get("clientSecret")) }),
    ...(get("scope") === "" ? {} : { scope: get("scope") }),
  };
  const grant = get("grant_type") || "authorization_code";
  return { kind: "oauth", ...client, ...grantOf(grant, get, where, intake) } as AuthSetting;
}

type Grant = OAuthSetting extends infer One
  ? One extends { grant: string }
    ? Omit<One, "clientId" | "clientSecret" | "scope">
    : never
  : never;

function grantOf(grant: string, get: (name: string) => string, where: Where, intake: Intake): Grant {
  switch (grant) {
    case "client_credentials":
      return { grant };
    case "password":
    case "password_credentials":
      return { grant: "password", username: get("username"), password: intake.keep(get("password")) };
    case "authorization_code":
    case "authorization_code_with_pkce":
      return { grant: "authorization_code" };
    default:
      return otherGrant(grant, where, intake);
  }
}

function settings(given: unknown): Map<string, string> {
  if (Array.isArray(given)) return new Map(given.map((one) => [text(field(one, "key")), text(field(one, "value"))]));
  return new Map(entries(given).map(([name, value]) => [name, text(value)]));
}
