/** An environment while it is typed, and back. Pure: the texts of secrets are not in it. */
import { completeAddress } from "../../connection/fragment";
import { isLoopback } from "../../connection/practice";
import { freeName } from "../../workspace/copy";
import {
  type Environment,
  type EnvironmentAuth,
  type EnvironmentKind,
  newId,
  newSecretRef,
  type SecretRef,
} from "../../workspace/model";
import { ASKED, KIND_NAMES, type SecretField, type SignInMethod, type TextField } from "./methods";

export interface Draft extends Record<TextField, string> {
  name: string;
  kind: EnvironmentKind;
  way: "direct" | "worker";
  instanceUrl: string;
  method: SignInMethod;
  workerUrl: string;
  tenant: string;
  release: string;
}

export type Refs = Partial<Record<SecretField, SecretRef>>;

export function emptyDraft(part: Partial<Draft> = {}): Draft {
  const texts = { clientId: "", scope: "", username: "", subject: "", keyId: "", audience: "" };
  const route = { way: "direct", instanceUrl: "", method: "client_credentials", workerUrl: "", tenant: "" } as const;
  return { name: "", kind: "dev", ...route, ...texts, release: "", ...part };
}

export function draftOf({ name, kind, route, release }: Environment): Draft {
  const common = { name, kind, release };
  if (route.way === "worker") {
    const { workerUrl, tenant } = route;
    return emptyDraft({ ...common, way: "worker", workerUrl, tenant });
  }
  const { instanceUrl, auth } = route;
  const method = auth.kind === "oauth" ? auth.grant : auth.kind;
  const found = auth as Partial<Record<TextField, string>>;
  const texts = Object.fromEntries(ASKED[method].texts.map((field) => [field, found[field] ?? ""]));
  return emptyDraft({ ...common, instanceUrl, method, ...texts });
}

/** What the form of a new environment begins with that is reached through a worker, next to a direct one. */
export function throughWorker(direct: Environment | undefined, present: readonly Environment[]): Partial<Draft> {
  if (!direct) return { way: "worker" };
  const name = freeName(`${direct.name} (worker)`, new Set(present.map((environment) => environment.name)));
  return { way: "worker", name, kind: direct.kind, release: direct.release };
}

/** The secrets' references of an environment, by the fields of the form. */
export function refsOf({ route }: Environment): Refs {
  if (route.way === "worker") return { key: route.key };
  const { auth } = route;
  const method = auth.kind === "oauth" ? auth.grant : auth.kind;
  const found = auth as Refs;
  return Object.fromEntries(ASKED[method].secrets.flatMap((field) => (found[field] ? [[field, found[field]]] : [])));
}

/** The secrets that the form asks for. */
export function secretFields({ way, method }: Draft): SecretField[] {
  return way === "worker" ? ["key"] : ASKED[method].secrets;
}

export function isOptional({ way, method }: Draft, field: TextField | SecretField): boolean {
  return way === "direct" && ASKED[method].optional.includes(field);
}

/**
 * The environment of a draft. `refs` are the secrets that were entered or that it had; a needed one without text gets a reference that
 * the vault does not hold, and connecting asks for it. `before` is the environment that is changed.
 */
export function environmentOf(draft: Draft, refs: Refs, before?: Environment): Environment {
  const ref = (field: SecretField): SecretRef => refs[field] ?? newSecretRef();
  const kind = kindOf(draft, before);
  return {
    id: before?.id ?? newId(),
    name: draft.name.trim() || KIND_NAMES[kind],
    kind,
    route:
      draft.way === "worker"
        ? { way: "worker", workerUrl: completeAddress(draft.workerUrl), tenant: draft.tenant.trim(), key: ref("key") }
        : { way: "direct", instanceUrl: completeAddress(draft.instanceUrl), auth: authOfDraft(draft, refs, ref) },
    release: draft.release,
    variables: before?.variables ?? [],
    readOnly: before && before.kind === kind ? before.readOnly : kind === "prod",
  };
}

/** An instance on this machine that is new counts as a practice instance, unless the person said otherwise. */
function kindOf({ kind, way, instanceUrl }: Draft, before?: Environment): EnvironmentKind {
  const near = way === "direct" && isLoopback(completeAddress(instanceUrl));
  return !before && kind === "dev" && near ? "practice" : kind;
}

function authOfDraft(draft: Draft, refs: Refs, ref: (field: SecretField) => SecretRef): EnvironmentAuth {
  const { method } = draft;
  const text = (field: TextField) => draft[field].trim();
  const client = {
    kind: "oauth",
    clientId: text("clientId"),
    ...(text("scope") && ASKED[method].texts.includes("scope") && { scope: text("scope") }),
    ...(refs.clientSecret && { clientSecret: refs.clientSecret }),
  } as const;
  const confidential = { ...client, clientSecret: ref("clientSecret") };
  switch (method) {
    case "client_credentials":
      return { ...confidential, grant: method };
    case "authorization_code":
      return { ...client, grant: method };
    case "password":
      return { ...confidential, grant: method, username: text("username"), password: ref("password") };
    case "refresh_token":
      return { ...client, grant: method, refreshToken: ref("refreshToken") };
    case "jwt_bearer": {
      const [keyId, audience] = [text("keyId"), text("audience")];
      const named = { subject: text("subject"), privateKey: ref("privateKey") };
      return { ...client, grant: method, ...named, ...(keyId && { keyId }), ...(audience && { audience }) };
    }
    case "api-key":
      return { kind: method, key: ref("key"), in: "header" };
    case "basic":
      return { kind: method, username: text("username"), password: ref("password") };
    case "bearer":
      return { kind: method, token: ref("token") };
  }
}
