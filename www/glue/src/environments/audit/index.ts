/** `audit()`: findings about an integration, of what an inventory and recorded calls show. */
import type { Audit, AuditOptions, Inventory, Traffic } from "sysparm/environments";
import { requestError } from "../../errors/index.js";
import { checkArgument, checkOptions, LIST, NUMBER, type OptionTypes } from "../../protocol/check-options.js";
import { MOST_TABLES } from "../inventory.js";
import { findAccounts } from "./account-findings.js";
import { findCredentials, type Times } from "./credential-findings.js";
import { FindingList } from "./findings.js";
import { proposalOf } from "./proposal.js";
import { findRoles } from "./role-findings.js";
import { findSignIn } from "./sign-in-findings.js";

const OPTIONS: OptionTypes<AuditOptions> = { now: NUMBER, soonDays: NUMBER, staleDays: NUMBER, credentials: LIST };

const isInventory = (value: unknown) => (value as Partial<Inventory> | null)?.format === 1;
const isTraffic = (value: unknown) => value === null || Array.isArray((value as Partial<Traffic> | null)?.tables);

export function audit(inventory: Inventory, traffic: Traffic | null = null, options: AuditOptions = {}): Audit {
  const expects = "what readInventory() gives";
  checkArgument("inventory", inventory, { expects, accepts: isInventory, isRequired: true }, requestError);
  checkArgument("traffic", traffic, { expects: "what traffic() gives, or null", accepts: isTraffic }, requestError);
  checkOptions(options, OPTIONS, requestError);
  const { now = inventory.readAt, soonDays = 30, staleDays = 365, credentials = [] } = options;
  try {
    return audited(inventory, traffic, { now, soonDays, staleDays, credentials });
  } catch (thrown) {
    // A record of a saved inventory lacks what it always has, or has something else there.
    if (!(thrown instanceof TypeError)) throw thrown;
    throw requestError("options.type", `Invalid argument \`inventory\`: ${thrown.message}. Pass ${expects}.`);
  }
}

function audited(inventory: Inventory, traffic: Traffic | null, times: Times): Audit {
  const list = new FindingList();
  const proposal = proposalOf(inventory, traffic);
  findRoles(list, inventory, traffic, proposal);
  findCredentials(list, inventory, times);
  findSignIn(list, inventory, traffic, times.now);
  findAccounts(list, inventory, traffic, times.now);
  return {
    name: inventory.name,
    url: inventory.url,
    at: times.now,
    findings: list.sorted(),
    proposal,
    unread: list.unreadFacts(),
  };
}

export function tablesOf(traffic: Traffic): Record<string, string[]> {
  const used = traffic.tables.map(({ table, fields: { all, read, queried, written } }): [string, string[]] => [
    table,
    // A list of fields would leave out those that are read without being named.
    all ? [] : [...new Set([...read, ...queried, ...written])].sort(),
  ]);
  return Object.fromEntries(used.slice(0, MOST_TABLES));
}
