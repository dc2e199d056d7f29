// @ts-check
// One list of the tickets of several customers that are new or worked on, through one gateway: node index.mjs TENANT...
// The key of a tenant is in the environment: SYSPARM_KEY_ACME for the tenant acme, SYSPARM_KEY_BIG_CO for big-co.
// Each customer's map is in its tenant's record, so this program knows no column of any instance.

/** @typedef {import("sysparm/model").Ticket} Ticket */
/** @typedef {{ items: Ticket[], next: string | null, omitted: string[] }} Page */
/** @typedef {{ error: { code?: string, detail: string, causes?: { title: string, fix: string[] }[] } }} Refusal */

const { SYSPARM_GATEWAY } = process.env;
const tenants = process.argv.slice(2);
if (!SYSPARM_GATEWAY || tenants.length === 0) throw new Error("Usage: SYSPARM_GATEWAY=URL node index.mjs TENANT...");

/** How many pages of each tenant are read: a list for people, no copy. */
const MOST_PAGES = 3;

/** One page, or an error that says what to do. @param {string} tenant @param {Record<string, string>} asked @returns {Promise<Page>} */
async function page(tenant, asked) {
  const address = new URL(`/${tenant}/unified/tickets?${new URLSearchParams(asked)}`, SYSPARM_GATEWAY);
  const key = process.env[`SYSPARM_KEY_${tenant.toUpperCase().replaceAll("-", "_")}`] ?? "";
  const reply = await fetch(address, { headers: { "x-api-key": key } });
  if (reply.ok) return /** @type {Promise<Page>} */ (reply.json());
  const { error } = /** @type {Refusal} */ (await reply.json());
  const [likeliest] = error.causes ?? [];
  throw new Error(likeliest ? `${error.code}: ${likeliest.title}. ${likeliest.fix.join(" ")}` : error.detail);
}

/** The newest tickets that are new or worked on; those that wait are left out. @param {string} tenant */
async function openTickets(tenant) {
  /** @type {Ticket[]} */
  const found = [];
  const asked = { status: "new,in_progress", order: "-createdAt", limit: "20" };
  let next = /** @type {string | null} */ ("");
  for (let pages = 0; next !== null && pages < MOST_PAGES; pages += 1) {
    const read = await page(tenant, next === "" ? asked : { ...asked, cursor: next });
    found.push(...read.items);
    next = read.next;
  }
  return found.map((ticket) => ({ tenant, ticket }));
}

// One tenant that fails or is slow keeps no other back.
const lists = await Promise.all(
  tenants.map((tenant) =>
    openTickets(tenant).catch((error) => {
      console.error(`${tenant}: ${error.message}`);
      process.exitCode = 1;
      return [];
    }),
  ),
);

const URGENT = ["critical", "high", "moderate", "low", "planning"];

/** @param {Ticket} ticket */
const rank = ({ priority }) => URGENT.indexOf(priority?.value ?? "planning");

// The model's values have one meaning for every customer, so that one order holds for all of them.
const all = lists.flat().sort((one, other) => rank(one.ticket) - rank(other.ticket));
for (const { tenant, ticket } of all.slice(0, 10)) {
  const { number, status, priority, assignee, extra } = ticket;
  // `extra` has what this customer's map adds: the site, wherever its instance keeps it.
  const words = [tenant, number, priority?.value, status?.value, assignee?.name ?? "nobody", extra.site ?? "-"];
  console.log(words.join("\t"));
}
