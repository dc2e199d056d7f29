// Reads the newest open incidents of several tenants through one gateway: node index.mjs TENANT...
// The key of a tenant is in the environment: SYSPARM_KEY_ACME for the tenant acme, SYSPARM_KEY_BIG_CO for big-co.
import { connect, SysparmError } from "sysparm";

const { SYSPARM_GATEWAY } = process.env;
const tenants = process.argv.slice(2);
if (!SYSPARM_GATEWAY || tenants.length === 0) throw new Error("Usage: SYSPARM_GATEWAY=URL node index.mjs TENANT...");

/**
 * An instance of the package whose requests go to a tenant. The package sends to an origin, and refuses a URL with a path, because a
 * ServiceNow instance has none; so `fetch` puts the tenant before the path. A key of the gateway looks like a token.
 */
function openTenant(tenant) {
  const { origin } = new URL(SYSPARM_GATEWAY);
  return connect({
    url: origin,
    auth: { token: process.env[`SYSPARM_KEY_${tenant.toUpperCase().replaceAll("-", "_")}`] ?? "" },
    fetch: (url, init) => fetch(`${origin}/${tenant}${url.slice(origin.length)}`, init),
  });
}

async function newestIncidents(tenant) {
  const instance = await openTenant(tenant);
  try {
    const query = "active=true^ORDERBYDESCnumber";
    const { rows, total } = await instance.table("incident").list({ query, fields: ["number"], limit: 3 });
    return `${total} open incidents, newest ${rows.map(({ number }) => number).join(", ")}`;
  } finally {
    instance.close();
  }
}

// One tenant that fails or is slow keeps no other back.
await Promise.all(
  tenants.map(async (tenant) => {
    try {
      console.log(`${tenant}: ${await newestIncidents(tenant)}`);
    } catch (error) {
      if (!(error instanceof SysparmError)) throw error;
      console.error(`${tenant}: ${error.message}`);
      process.exitCode = 1;
    }
  }),
);
