/** The registry alone, behind HTTP: POST `["find", "acme"]` calls a method. No worker of the project is as open as this one. */
import { REGISTRY } from "../../../www/worker/src/tenants/registry-rpc.ts";

export { TenantRegistry } from "../../../www/worker/src/tenants/registry.ts";

export default {
  async fetch(request, bindings) {
    if (request.method !== "POST") return new Response("ready");
    const [method, ...values] = await request.json();
    const registry = bindings.TENANT_REGISTRY.getByName(REGISTRY);
    try {
      return Response.json((await registry[method](...values)) ?? null);
    } catch (error) {
      return Response.json({ thrown: String(error) }, { status: 500 });
    }
  },
};
