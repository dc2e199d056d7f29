/** A tenant of the worker: the first segment of every path. */

/** As the worker accepts it. */
export const TENANT_PATTERN = "(?!(?:api|admin|health)$)[a-z0-9][a-z0-9\\-]{0,62}";

const NAME = new RegExp(`^${TENANT_PATTERN}$`);

/** The names in a list such as `acme,globex`. Others are left out. */
export function tenantNames(list: string): string[] {
  return list.split(",").filter((name) => NAME.test(name));
}

/** A `fetch` for `connect()` that sends to a tenant: the package sends to an origin, so the path is completed here. */
export function tenantFetch(address: string, tenant: string): typeof fetch {
  const { origin } = new URL(address);
  return (input, init) =>
    fetch(
      String(input).replace(origin, () => `${origin}/${tenant}`),
      init,
    );
}
