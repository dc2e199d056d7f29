/**
 * The connect guide: the steps of the set-up for a release and a grant, and the doctor's findings about them.
 *
 * The steps come from an examination whose requests are not sent. The checks come from one that is.
 */
import { signal } from "@preact/signals";
import { examine, type Finding, type IntegrationCredentials, type Report } from "sysparm/doctor";
import { completeAddress } from "../../connection/fragment";
import type { Vault } from "../../vault/vault";
import type { Environment, OAuthSetting } from "../../workspace/model";
import { MissingSecret, secretText } from "../auth";

export const WAYS = ["client_credentials", "password", "authorization_code", "jwt_bearer", "api_key", "basic"] as const;
export type Way = (typeof WAYS)[number];

export interface Answers {
  way: Way;
  release: string;
  instanceUrl: string;
  clientId: string;
  /** The user that the integration runs as. */
  user: string;
  table: string;
  /** This page's origin, for the CORS rule; empty for a program that is no page. */
  origin: string;
}

export type Plan = Report["guide"];
export type Guide = ReturnType<typeof createGuide>;

export function createGuide(vault: Vault) {
  const plan = signal<Plan | null>(null);
  const findings = signal<Finding[]>([]);
  const report = signal<Report | null>(null);
  const running = signal<AbortController | null>(null);
  const problem = signal("");
  let latest: Answers | null = null;

  /** Computes the steps. Sends nothing. */
  async function show(answers: Answers): Promise<void> {
    latest = answers;
    try {
      const found = await planOf(answers);
      if (latest === answers) plan.value = found;
    } catch (thrown) {
      if (latest === answers) problem.value = words(thrown);
    }
  }

  /** Examines an environment with its own credentials. */
  async function check(environment: Environment, answers: Answers): Promise<void> {
    if (running.value) return;
    const abort = new AbortController();
    running.value = abort;
    findings.value = [];
    report.value = null;
    problem.value = "";
    try {
      const examination = examine({
        ...options(answers),
        auth: credentialsOf(environment, vault),
        thorough: true,
        signal: abort.signal,
      });
      for await (const finding of examination) findings.value = [...findings.value, finding];
      report.value = await examination.report();
      plan.value = report.value.guide;
    } catch (thrown) {
      problem.value = abort.signal.aborted ? "Stopped." : words(thrown);
    } finally {
      running.value = null;
    }
  }

  const cancel = () => running.value?.abort();

  return { plan, findings, report, running, problem, show, check, cancel };
}

function words(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function options({ instanceUrl, release, table, origin }: Answers) {
  return { url: completeAddress(instanceUrl), release, origin, ...(table && { table }) };
}

/** The steps for an instance that need not exist. @throws RequestError for an address that cannot be one */
export async function planOf(answers: Answers): Promise<Plan> {
  const url = answers.instanceUrl || "https://example.service-now.com";
  const silent = () => Promise.reject(new TypeError("not sent"));
  const auth = placeholder(answers);
  return (await examine({ ...options({ ...answers, instanceUrl: url }), auth, fetch: silent }).report()).guide;
}

/** Credentials of the right kind without secrets: enough for the steps. */
function placeholder({ way, clientId, user, origin }: Answers): IntegrationCredentials {
  const client = { clientId: clientId || "your client ID", clientSecret: "-" };
  const username = user || "integration.user";
  switch (way) {
    case "client_credentials":
      return { grant: way, ...client, username, password: "-" };
    case "password":
      return { grant: way, ...client, username, password: "-" };
    case "authorization_code":
      return { grant: way, clientId: client.clientId, redirectUri: `${origin || "https://example.com"}/` };
    case "jwt_bearer":
      return { grant: way, ...client, assertion: "e30.e30.e30" };
    case "api_key":
      return { apiKey: "-" };
    case "basic":
      return { username, password: "-" };
  }
}

/** @throws MissingSecret; Error for an environment that the doctor cannot examine from here */
export function credentialsOf({ route }: Environment, vault: Vault): IntegrationCredentials {
  if (route.way === "worker")
    throw new Error(
      "This environment goes through the worker, which holds the credentials. Run `npx sysparm doctor` there.",
    );
  const { auth } = route;
  if (auth.kind === "basic") return { username: auth.username, password: secretText(vault, auth.password, "password") };
  if (auth.kind === "bearer") return { token: secretText(vault, auth.token, "access token") };
  if (auth.kind === "api-key") return { apiKey: secretText(vault, auth.key, "API key") };
  return grantOf(auth, vault);
}

function grantOf(auth: OAuthSetting, vault: Vault): IntegrationCredentials {
  const clientSecret = auth.clientSecret ? secretText(vault, auth.clientSecret, "client secret") : undefined;
  const client = { clientId: auth.clientId, ...(auth.scope && { scope: auth.scope }) };
  const needed = (): string => {
    if (clientSecret === undefined) throw new MissingSecret("client secret");
    return clientSecret;
  };
  switch (auth.grant) {
    case "client_credentials":
      return { grant: auth.grant, ...client, clientSecret: needed() };
    case "password":
      return {
        grant: auth.grant,
        ...client,
        clientSecret: needed(),
        username: auth.username,
        password: secretText(vault, auth.password, "password"),
      };
    case "refresh_token":
      return {
        grant: auth.grant,
        clientId: auth.clientId,
        ...(clientSecret && { clientSecret }),
        refreshToken: secretText(vault, auth.refreshToken, "refresh token"),
      };
    case "authorization_code":
      return { grant: auth.grant, clientId: auth.clientId, redirectUri: location.origin + location.pathname };
    case "jwt_bearer":
      throw new Error("An assertion is used once, so the doctor needs its own. Run `npx sysparm doctor` with one.");
  }
}

/** The way of an environment, to begin with. */
export function wayOf({ route }: Environment): Way {
  if (route.way === "worker") return "client_credentials";
  const { auth } = route;
  if (auth.kind === "basic") return "basic";
  if (auth.kind === "api-key") return "api_key";
  if (auth.kind === "bearer") return "client_credentials";
  return auth.grant === "refresh_token" ? "authorization_code" : auth.grant;
}
