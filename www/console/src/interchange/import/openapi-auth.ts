/** Security schemes as settings. The document holds no secrets: their places are empty. */
import type { AuthSetting } from "../../workspace/model";
import type { Intake, Where } from "./intake";
import type { References } from "./openapi-references";
import { entries, field, list, text } from "./reading";

export type Auths = ReturnType<typeof createAuths>;

export function createAuths(document: unknown, references: References, intake: Intake) {
  const schemes = new Map(entries(field(field(document, "components"), "securitySchemes")));

  /** `security` of the document or of an operation: a list of alternatives. Undefined inherits, an empty list means none. */
  function of(security: unknown, where: Where): AuthSetting {
    if (!Array.isArray(security)) return { kind: "inherit" };
    const alternatives = security.map((one) => entries(one).map(([name]) => name));
    if (alternatives.every((names) => names.length === 0)) return { kind: "none" };
    for (const names of alternatives) {
      const [name = ""] = names;
      const setting = names.length === 1 ? settingOf(references.resolve(schemes.get(name)), security, name) : undefined;
      if (setting) return setting;
    }
    intake.lose(
      where,
      `security ${alternatives.flat().join(", ").slice(0, 80)}`,
      "this way to sign in is not available; that of the environment is used",
    );
    return { kind: "inherit" };
  }

  function settingOf(scheme: unknown, security: readonly unknown[], name: string): AuthSetting | undefined {
    const type = text(field(scheme, "type"));
    const how = text(field(scheme, "scheme")).toLowerCase();
    if (type === "http" && how === "basic") return { kind: "basic", username: "", password: intake.keep("") };
    if (type === "http" && how === "bearer") return { kind: "bearer", token: intake.keep("") };
    if (type === "apiKey") {
      const place = text(field(scheme, "in"));
      if (text(field(scheme, "name")).toLowerCase() !== "x-sn-apikey" || place === "cookie") return undefined;
      return { kind: "api-key", key: intake.keep(""), in: place === "query" ? "query" : "header" };
    }
    if (type !== "oauth2") return undefined;
    const flows = field(scheme, "flows");
    const scope = security.flatMap((one) => list(field(one, name)).map(text)).join(" ");
    const client = { clientId: "", ...(scope === "" ? {} : { scope }) };
    if (field(flows, "clientCredentials") !== undefined)
      return { kind: "oauth", ...client, grant: "client_credentials" };
    if (field(flows, "password") !== undefined) {
      return { kind: "oauth", ...client, grant: "password", username: "", password: intake.keep("") };
    }
    return { kind: "oauth", ...client, grant: "authorization_code" };
  }

  return { of };
}
