/**
 * The broker behind HTTP, with a registry that knows every tenant by its name: `POST {"tenant", "question"}` asks, `{"tenant", "call": "inUse"}`
 * calls another method. Only for tests: it hands out tokens to anybody.
 */
import { DurableObject } from "cloudflare:workers";
import { Sealing } from "sysparm/durable-object";
import { credentialContext } from "../../../www/worker/src/tenants/credential.ts";

export { TokenBroker } from "../../../www/worker/src/broker/broker.ts";

/** Answers as the registry does. The binding AUTH has credentials by tenant, or for all of them, with `{tenant}` for the name. */
export class TenantRegistry extends DurableObject {
  #slowMs = 0;

  async find() {
    return { instanceUrl: this.env.INSTANCE_URL, credentialVersion: await this.#answeredVersion() };
  }

  async credential(tenant) {
    const all = JSON.parse(this.env.AUTH.replaceAll("{tenant}", tenant));
    const auth = JSON.stringify(all[tenant] ?? all);
    const sealed = await Sealing.fromText(this.env.SEALING_KEYS).seal(auth, credentialContext(tenant));
    return { version: await this.#answeredVersion(), sealed };
  }

  async attention(tenant, report) {
    await this.ctx.storage.put(`attention ${tenant}`, report);
  }

  async attentionOf(tenant) {
    return this.ctx.storage.get(`attention ${tenant}`);
  }

  async setVersion(version) {
    await this.ctx.storage.put("version", version);
  }

  /** Answers on the way from now on take that long. */
  async setSlow(ms) {
    this.#slowMs = ms;
  }

  async #answeredVersion() {
    const version = (await this.ctx.storage.get("version")) ?? 1;
    await new Promise((resolve) => setTimeout(resolve, this.#slowMs));
    return version;
  }
}

export default {
  async fetch(request, bindings) {
    if (request.method !== "POST") return new Response("ready");
    const { tenant, question, call, version, slowMs } = await request.json();
    const registry = bindings.TENANT_REGISTRY.getByName("registry");
    const broker = bindings.TOKEN_BROKER.getByName(tenant);
    if (call === "attentionOf") return Response.json((await registry.attentionOf(tenant)) ?? null);
    if (call === "setSlow") return Response.json((await registry.setSlow(slowMs)) ?? null);
    if (call === "setVersion") return Response.json((await registry.setVersion(version)) ?? null);
    if (call) return Response.json((await broker[call]()) ?? null);
    return Response.json(await broker.credential({ tenant, credentialVersion: 1, ...question }));
  },
};
