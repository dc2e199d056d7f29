/**
 * Obtains and keeps the credential of one tenant for the whole deployment. Cloudflare runs one Durable Object of a name, so there is one request
 * for a token at a time, one token, and one pause after a failure. Tokens are stored, sealed, before they are handed out.
 */

import type { Instance } from "sysparm";
import {
  type ObtainedToken,
  type RenewalReport,
  SealingError,
  SharedTokens,
  type TokenRequest,
} from "sysparm/durable-object";
import { REGISTRY } from "../tenants/registry-rpc.ts";
import type { CredentialBindings, KnownCredential } from "./credential-source.ts";
import type { Attention, RefusedHeaders } from "./refused-headers.ts";
import type { CredentialAnswer, CredentialQuestion } from "./rpc.ts";

/** What the object knows of its tenant after a restart. */
interface Note {
  readonly tenant: string | null;
  readonly version: number;
  /** The instance that this version may be sent to. */
  readonly instanceUrl: string;
  /** Whether a token is obtained with the credential, which is a header otherwise. */
  readonly isForToken: boolean;
  /** Of the plain bindings, which have no version of their own. */
  readonly fingerprint?: string | undefined;
}

const NOTE = "sysparm broker";
const REFUSALS = "sysparm refusals";
const MOST_LOOKS = 2;

/** The Durable Object class of the binding TOKEN_BROKER. */
export class TokenBroker extends SharedTokens<CredentialBindings> {
  #note: Note | undefined;
  /** Whether this object has compared the plain bindings with the note. */
  #isChecked = false;
  #loading: Promise<KnownCredential> | undefined;
  #header: KnownCredential | undefined;
  #refused: RefusedHeaders | undefined;

  /** The header that presents the tenant's credential. */
  async credential(question: CredentialQuestion): Promise<CredentialAnswer> {
    try {
      const note = await this.#noteFor(question);
      if (!note.isForToken)
        return await (await this.#refusedHeaders()).answer(await this.#headerAuth(note), question, Date.now());
      const answer = await this.token({ credentialVersion: note.version, refused: question.refused });
      if ("failure" in answer) return (await import("./answers.ts")).failureAnswer(answer, Date.now());
      const { token, ...times } = answer;
      const { instanceUrl } = this.#noteOf(answer.credentialVersion);
      return { name: "authorization", value: `Bearer ${token}`, ...times, instanceUrl };
    } catch (error) {
      return (await import("./answers.ts")).unavailable(error);
    }
  }

  override async resume(): Promise<void> {
    await (await this.#refusedHeaders()).forget();
    await super.resume();
  }

  /** An isolate has used the token in the last part of its life. */
  async inUse(): Promise<void> {
    await this.used();
  }

  /** The tenant was removed: nothing of it stays here. */
  async forget(): Promise<void> {
    this.#note = undefined;
    this.#header = undefined;
    this.#refused = undefined;
    await this.clear();
  }

  protected override async obtain({ credentialVersion, store }: TokenRequest): Promise<ObtainedToken> {
    let version = credentialVersion;
    let instance: Instance | undefined;
    try {
      const known = await this.#known();
      // A module of its own: most isolates pass requests through, and obtain no token.
      const { connect } = await import("sysparm");
      if (known.version < credentialVersion) throw new Error("The credential at hand is older than the one asked for.");
      version = known.version;
      // The registry's refresh token may have been replaced. Only what is stored here is the newest.
      if ("grant" in known.auth && known.auth.grant === "refresh_token") await this.#requireReadableTokens();
      // A failure is reported at once: when to try again is decided for all callers together.
      const options = { store: store(version), lock: UNSHARED, pace: { attempts: 1, breaker: false as const } };
      instance = await connect({ url: known.url, auth: known.auth, ...options });
      const token = await instance.token();
      return { credentialVersion: version, token, expiresAt: instance.status().token.expiresAt ?? null };
    } catch (error) {
      return { credentialVersion: version, error };
    } finally {
      instance?.close();
    }
  }

  async #requireReadableTokens(): Promise<void> {
    const problem = await this.resealTokens();
    if (problem !== null) throw new SealingError(problem);
  }

  protected override stateChanged(state: RenewalReport["state"]): void {
    this.ctx.waitUntil(this.#reportAttention(state).catch(() => undefined));
  }

  async #reportAttention(state: RenewalReport["state"]): Promise<void> {
    const { credentialVersion, failure } = await this.renewalReport();
    if (state !== "needs-attention" || !failure) return this.#report(null);
    return this.#report({ credentialVersion, code: failure.diagnosis?.code ?? "token.none", message: failure.message });
  }

  async #report(attention: Attention | null): Promise<void> {
    const tenant = (await this.#readNote())?.tenant;
    const registry = this.env.TENANT_REGISTRY?.getByName(REGISTRY);
    if (typeof tenant !== "string" || !registry) return;
    await registry.attention(tenant, attention && { ...attention, since: Date.now() });
  }

  /** The note, after the credential was looked at where the question names a newer version. */
  async #noteFor({ tenant, credentialVersion }: CredentialQuestion): Promise<Note> {
    const before = await this.#readNote();
    if (before && before.tenant !== tenant) throw new Error("This broker belongs to another tenant.");
    // Bindings can change with every start of the object, and cost no request.
    const isCurrent = before && (tenant === null ? this.#isChecked : before.version >= credentialVersion);
    if (isCurrent && before.instanceUrl !== undefined) return before;
    // Another question may have begun to look before the version of this one was stored.
    for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
      const { version } = await this.#load(tenant);
      if (version >= credentialVersion) return this.#noteOf(version);
    }
    throw new Error("The registry has an older credential than the isolate.");
  }

  /** @throws Error where the credential has changed meanwhile, so that no token is sent to the instance of another one. */
  #noteOf(version: number): Note {
    if (this.#note?.version !== version) throw new Error("The credential has changed. Ask again.");
    return this.#note;
  }

  async #readNote(): Promise<Note | undefined> {
    if (this.#note) return this.#note;
    // Where its key is gone it is written anew: its content is in the registry or in the bindings.
    const text = await this.#readable(NOTE);
    this.#note ??= text === undefined ? undefined : JSON.parse(text);
    return this.#note;
  }

  /** Undefined also where no key opens the text. */
  async #readable(name: string): Promise<string | undefined> {
    try {
      return await this.read(name);
    } catch (error) {
      if (error instanceof SealingError) return undefined;
      throw error;
    }
  }

  /** Once for all questions that come meanwhile. */
  #load(tenant: string | null): Promise<KnownCredential> {
    this.#loading ??= this.#writeNote(tenant).finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #writeNote(tenant: string | null): Promise<KnownCredential> {
    const before = await this.#readNote();
    const { loadCredential } = await import("./credential-source.ts");
    // A version that was never used, so that what the earlier credential has obtained is not taken for this one's.
    const isUnknown = !before && tenant === null;
    const last = isUnknown ? { version: (await this.renewalReport()).credentialVersion } : before;
    const known = await loadCredential(this.env, tenant, last);
    const { version, fingerprint } = known;
    const note: Note = { tenant, version, instanceUrl: known.url, isForToken: "grant" in known.auth, fingerprint };
    this.#isChecked = true;
    this.#header = note.isForToken ? undefined : known;
    if (JSON.stringify(note) !== JSON.stringify(before)) await this.write(NOTE, JSON.stringify(note));
    this.#note = note;
    return known;
  }

  /** The credential as it is now. An alarm comes without a question. */
  async #known(): Promise<KnownCredential> {
    const note = await this.#readNote();
    if (!note) throw new Error("This broker does not know its tenant.");
    return this.#load(note.tenant);
  }

  async #refusedHeaders(): Promise<RefusedHeaders> {
    const { RefusedHeaders } = await import("./refused-headers.ts");
    this.#refused ??= new RefusedHeaders({
      read: () => this.#readable(REFUSALS),
      write: (text) => this.write(REFUSALS, text),
      remove: async () => void (await this.ctx.storage.delete(REFUSALS)),
      report: (attention) => this.ctx.waitUntil(this.#report(attention).catch(() => undefined)),
    });
    return this.#refused;
  }

  async #headerAuth(note: Note): Promise<KnownCredential> {
    if (this.#header && this.#header.version >= note.version) return this.#header;
    this.#header = await this.#known();
    return this.#header;
  }
}

/** The object makes one request at a time, and nobody else uses its store. */
const UNSHARED = { request: (_name: string, run: () => Promise<void>) => run() };
