/** `runbook()`: an integration's runbook, of what an inventory shows and what the caller adds. */
import type {
  Contact,
  Fact,
  Inventory,
  Runbook,
  RunbookBlock,
  RunbookGiven,
  RunbookSection,
} from "sysparm/environments";
import { requestError } from "../../errors/index.js";
import { checkArgument, checkOptions, NUMBER, OBJECT, type OptionTypes, TEXT } from "../../protocol/check-options.js";
import { concealed } from "../../shared/concealed.js";
import { toHtml, toMarkdown } from "../document.js";
import { isOlderThan } from "../releases.js";
import { connectionSection, tableSection } from "./data-section.js";
import { factTable, minuteOf, ownAccount, ownClient, TO_FILL_IN } from "./facts.js";
import { failureSection, type IntegrationTexts } from "./failure-section.js";
import { limitSection } from "./limit-section.js";
import { credentialSection, signInSection } from "./sign-in-section.js";

const isContact = (value: unknown) => {
  const { role, who } = (value ?? {}) as Partial<Contact>;
  return typeof role === "string" && typeof who === "string";
};
const GIVEN: OptionTypes<RunbookGiven> = {
  system: TEXT,
  purpose: TEXT,
  clientId: TEXT,
  credential: OBJECT,
  traffic: OBJECT,
  audit: OBJECT,
  contacts: {
    expects: "a list of { role, who }",
    accepts: (value) => Array.isArray(value) && value.every(isContact),
  },
};
type Catalogue = typeof import("../../explanations/index.js");

const PLACE = { kept: TEXT, owner: TEXT, expires: NUMBER };

/** Who is asked for first when something breaks. */
const CONTACTS = [
  "Owner of the integration",
  "On call for the system",
  "Administrator of the instance",
  "Owner of the credential",
  "Support of the network or proxy",
];

export async function runbook(inventory: Inventory, given: RunbookGiven = {}): Promise<Runbook> {
  const isInventory = (value: unknown) => (value as Partial<Inventory> | null)?.format === 1;
  const expects = "what readInventory() gives";
  checkArgument("inventory", inventory, { expects, accepts: isInventory, isRequired: true }, requestError);
  checkOptions(given, GIVEN, requestError);
  if (given.credential) checkOptions(given.credential, PLACE, requestError, "credential.");
  const catalogue = await import("../../explanations/index.js");
  try {
    return written(inventory, given, textsFor(inventory, given, catalogue));
  } catch (thrown) {
    // A record of a saved inventory lacks what it always has, or has something else there.
    if (!(thrown instanceof TypeError)) throw thrown;
    throw requestError("options.type", `Invalid argument \`inventory\`: ${thrown.message}. Pass ${expects}.`);
  }
}

function written(inventory: Inventory, given: RunbookGiven, texts: IntegrationTexts): Runbook {
  const sections = [
    connectionSection(inventory, given),
    signInSection(inventory, given),
    credentialSection(inventory, given, texts),
    limitSection(inventory),
    tableSection(inventory, given),
    failureSection(inventory, given, texts),
    openSection(inventory, given),
    contactSection(given.contacts ?? []),
    checkedSection(inventory),
  ].map(withoutSecrets);
  const title = concealed(
    `Runbook: ${given.system ?? ownClient(inventory)?.name ?? inventory.name} (${inventory.name})`,
  );
  return { title, sections, markdown: toMarkdown(title, sections), html: toHtml(title, sections) };
}

/** The oldest release whose menus the catalogue names. */
const OLDEST = "Vancouver";

/** The catalogue's texts for this integration: with the menus of its release, and the names of its account and client. */
function textsFor(inventory: Inventory, { clientId }: RunbookGiven, catalogue: Catalogue): IntegrationTexts {
  const { release, url } = inventory;
  const named = release.status === "read" ? release.value.family : undefined;
  const family = isOlderThan(OLDEST.charAt(0), named) ? OLDEST : named;
  const client = ownClient(inventory);
  const names = {
    user: ownAccount(inventory)?.userName || undefined,
    clientId: client?.name || client?.clientId || clientId,
    url,
  };
  return {
    ofCause: (code) => catalogue.textsOfCause(code, family, names),
    inWords: (text) => catalogue.textInWords(text, family, names),
  };
}

/** What an audit found, and what could not be read. */
function openSection(inventory: Inventory, { audit }: RunbookGiven): RunbookSection {
  const findings = (audit?.findings ?? []).filter(({ severity }) => severity !== "info");
  const blocks: RunbookBlock[] = [];
  if (findings.length > 0) {
    const rows = findings.map(({ severity, subject, message, fix }) => [severity, `${subject}: ${message}`, fix]);
    blocks.push({ kind: "table", head: ["Severity", "Finding", "What to do"], rows });
  } else
    blocks.push({
      kind: "text",
      text: audit ? "The audit found nothing to do." : "No audit was made: run npx sysparm audit.",
    });
  const { tables, ...others } = inventory;
  const facts: [name: string, fact: Partial<Fact<unknown>>][] = Object.entries(others).map(([name, fact]) => [
    name,
    typeof fact === "object" ? fact : {},
  ]);
  for (const [table, fact] of Object.entries(tables)) facts.push([`table ${table}`, fact]);
  const list = (text: string, items: string[]) => {
    if (items.length > 0) blocks.push({ kind: "text", text }, { kind: "list", ordered: false, items });
  };
  list(
    "What could not be read:",
    facts.flatMap(([name, fact]) => (fact.status === "unreadable" ? [`${name}: ${fact.because}`] : [])),
  );
  list(
    "What was not read whole:",
    facts.flatMap(([name, fact]) => (fact.status === "read" && fact.incomplete ? [`${name}: ${fact.incomplete}`] : [])),
  );
  return { title: "Open points", blocks };
}

/** Known lines, and those of usual roles that nobody is named for. */
function contactSection(contacts: readonly Contact[]): RunbookSection {
  const named = contacts.map(({ role, who }) => [role, who]);
  const empty = CONTACTS.filter((role) => !contacts.some((one) => one.role === role)).map((role) => [role, TO_FILL_IN]);
  return { title: "Contacts", blocks: [{ kind: "table", head: ["Role", "Who"], rows: [...named, ...empty] }] };
}

function checkedSection({ readAt, url }: Inventory): RunbookSection {
  const lines = factTable([
    ["Facts read", `${minuteOf(readAt)} from ${url}`],
    ["Checked by", TO_FILL_IN],
    ["Tried: renewal of the credential", TO_FILL_IN],
  ]);
  return { title: "Last checked", blocks: [lines] };
}

function withoutSecrets({ title, blocks }: RunbookSection): RunbookSection {
  return { title, blocks: blocks.map(blockWithoutSecrets) };
}

function blockWithoutSecrets(block: RunbookBlock): RunbookBlock {
  if (block.kind === "text") return { ...block, text: concealed(block.text) };
  if (block.kind === "list") return { ...block, items: block.items.map(concealed) };
  return { ...block, rows: block.rows.map((row) => row.map(concealed)) };
}
