/**
 * The runbook of an integration, written from what was read of its environment. Exported by `sysparm/environments`.
 */
import type { Audit, Traffic } from "./audit.js";
import type { Inventory } from "./environments.js";

/**
 * Writes the runbook of an integration: what connects to what, as whom, with which grant, where the credential lives, how it is renewed,
 * limits, tables and fields, signs of failure with fixes, and contacts to fill in. Makes no request. It holds no secret: texts that look
 * like one are replaced by "[concealed]".
 * @throws RequestError `options.type` for what is no inventory, and for members of `given` that cannot work
 */
export function runbook(inventory: Inventory, given?: RunbookGiven): Promise<Runbook>;

/** What the instance does not know. */
export interface RunbookGiven {
  /** What connects: "Acme order service". */
  system?: string | undefined;
  /** What it is for, in a sentence. */
  purpose?: string | undefined;
  /** The client that it signs in with, where registry records may not be read. */
  clientId?: string | undefined;
  /** Where the credential lives and who renews it. */
  credential?: CredentialPlace | undefined;
  /** What recorded calls needed: adds operations and APIs. */
  traffic?: Traffic | undefined;
  /** Adds what is open. */
  audit?: Audit | undefined;
  /** Lines of the table of contacts that are known. The others are left to fill in. */
  contacts?: readonly Contact[] | undefined;
}

/** Where a credential lives: a reference, never the credential. */
export interface CredentialPlace {
  /** "vault kv/acme/servicenow", "environment variable SN_SECRET of the deployment orders". */
  kept?: string | undefined;
  /** Who may renew it. */
  owner?: string | undefined;
  /** When it ends, in milliseconds since 1970, where the instance does not say. */
  expires?: number | undefined;
}

/** A line of the table of contacts. */
export interface Contact {
  /** "Owner of the integration". */
  role: string;
  /** A name, a team, a telephone number. */
  who: string;
}

/** A runbook in three forms. */
export interface Runbook {
  title: string;
  /** For a view of your own: plain data. */
  sections: RunbookSection[];
  markdown: string;
  /** One file for a browser and for paper, without scripts and without anything to load. */
  html: string;
}

/** A part of a runbook. */
export interface RunbookSection {
  title: string;
  blocks: RunbookBlock[];
}

/** What stands in a section. Texts are plain. */
export type RunbookBlock =
  | { kind: "text"; text: string }
  | { kind: "list"; ordered: boolean; items: string[] }
  | { kind: "table"; head: string[]; rows: string[][] };
