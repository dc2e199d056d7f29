/** How a request of Bruno signs in. Names of fields differ between the text and the JSON format. */
import type { AuthSetting } from "../../workspace/model";
import type { Intake, Where } from "./intake";

export interface BrunoAuth {
  mode: string;
  /** Keys without underscores, in lower case. */
  values: ReadonlyMap<string, string>;
}

export function brunoKey(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}

export function brunoAuth({ mode, values }: BrunoAuth, where: Where, intake: Intake): AuthSetting {
  const get = (name: string) => values.get(name) ?? "";
  const kept = (name: string) => intake.keep(get(name));
  switch (mode.toLowerCase()) {
    case "":
    case "inherit":
      return { kind: "inherit" };
    case "none":
      return { kind: "none" };
    case "basic":
      return { kind: "basic", username: get("username"), password: kept("password") };
    case "bearer":
      return { kind: "bearer", token: kept("token") };
    case "apikey":
    case "api-key":
      if (!/^(?:x-sn-apikey)?$/i.test(get("key"))) {
        intake.lose(
          where,
          `API key ${get("key").slice(0, 40)}`,
          "the instance reads a key from x-sn-apikey; that name is used",
        );
      }
      return { kind: "api-key", key: kept("value"), in: /query/i.test(get("placement")) ? "query" : "header" };
    case "oauth2":
    case "oauth-2": {
      const client = {
        clientId: get("clientid"),
        ...(get("clientsecret") === "" ? {} : { clientSecret: kept("clientsecret") }),
        ...(get("scope") === "" ? {} : { scope: get("scope") }),
      };
      const grant = get("granttype").toLowerCase();
      if (grant === "client_credentials") return { kind: "oauth", ...client, grant };
      if (grant === "password")
        return { kind: "oauth", ...client, grant, username: get("username"), password: kept("password") };
      if (grant !== "authorization_code")
        intake.lose(where, `grant ${grant.slice(0, 40)}`, "the authorization code grant is set instead");
      return { kind: "oauth", ...client, grant: "authorization_code" };
    }
    default:
      intake.lose(
        where,
        `sign-in ${mode.slice(0, 40)}`,
        "this way to sign in is not available; that of the environment is used",
      );
      return { kind: "inherit" };
  }
}
