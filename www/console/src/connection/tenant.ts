/** A tenant of the worker: the first segment of every path. */

/** As the worker accepts it. */
export const TENANT_PATTERN = "(?!(?:api|admin|health)$)[a-z0-9][a-z0-9\\-]{0,62}";

const NAME = new RegExp(`^${TENANT_PATTERN}$`);

/** The names in a list such as `acme,globex`. Others are left out. */
export function tenantNames(list: string): string[] {
  return list.split(",").filter((name) => NAME.test(name));
}

/**
 * A `fetch` for `connect()` that sends to a tenant: the package sends to an origin, so the path is completed here. Everything goes to
 * the tenant: dots in a path are resolved before the tenant is put in front of it.
 */
export function tenantFetch(worker: string, tenant: string): typeof fetch {
  const { origin } = new URL(worker);
  return (input, init) => {
    const { pathname, search } = new URL(input instanceof Request ? input.url : String(input));
    const address = `${origin}/${tenant}${pathname}${search}`;
    return fetch(input instanceof Request ? new Request(address, input) : address, init);
  };
}
