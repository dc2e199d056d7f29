/** How a request of Bruno signs in. Names of fields differ between the text and the JSON format. */
import type { AuthSetting } from "../../workspace/model";
import { otherGrant, otherSignIn, readApiKey } from "./collection-parts";
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
      return readApiKey(get("key"), get("value"), /query/i.test(get("placement")), where, intake);
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
      if (grant === "authorization_code") return { kind: "oauth", ...client, grant };
      return { kind: "oauth", ...client, ...otherGrant(grant, where, intake) };
    }
    default:
      return otherSignIn(mode, where, intake);
  }
}
