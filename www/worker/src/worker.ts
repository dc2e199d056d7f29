/**
 * The edge worker: callers with their own key send requests to `/api/...` of a ServiceNow instance, and never get the instance's
 * secret or token. Nothing of what passes is stored or logged.
 *
 *   caller --key--> worker --token--> instance        broker: obtains the token, once for all callers
 *                     `----token?----> broker
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
