/**
 * The edge worker: callers with their own key or token send requests to `/api/...` of one ServiceNow instance, or to `/{tenant}/api/...` of one
 * of many, and never get an instance's secret or token. Nothing of what passes is stored or logged.
 *
 *   caller --key--> worker --token--> the tenant's instance
 *                     |----tenant?---> registry       keeps the tenants; asked once by each isolate
 *                     `----token?----> broker         one for each tenant: obtains the token, once for all callers and isolates
 */

import type { Bindings } from "./bindings.ts";
import { Gateway } from "./gateway/gateway.ts";

export { TokenBroker } from "./broker/broker.ts";
export { TenantRegistry } from "./tenants/registry.ts";

/** One for each set of bindings: an isolate has one, and tests have several. */
const gateways = new WeakMap<Bindings, Gateway>();

export default {
  fetch(request, bindings, context) {
    let gateway = gateways.get(bindings);
    if (gateway === undefined) {
      gateway = new Gateway(bindings);
      gateways.set(bindings, gateway);
    }
    return gateway.reply(request, context);
  },
} satisfies ExportedHandler<Bindings>;
