/** What the package promises of the Service Catalog: items and variables, the check of answers, orders, the cart, and following a request. */
import type * as Sysparm from "sysparm";
import { type Case, is, type World, whereNoRowIsHidden } from "./cases.js";

const PHONE = "0d08837237153000158bbfc8bcbe5d02";
const TABLET = "060f3afa3731300054b6a3549dbe5d3e";
const VPN = "8b3ae7fedc1be1004ece5c08239e522b";
const WORKSPACE = "7d2e1a0f9b8c47d5b43e2f6a0b9c8d73";
const SERVER = "5b0c9e8d7f6a45b3921c0d4e8f7a6b51";
const FIREWALL = "6c1d0f9e8a7b46c4a32d1e5f9a8b7c62";
const INCIDENT = "3f1dd0320a0a0b99000a53f7604a2ef9";
const NOBODY = "0".repeat(32);

/** Paths of the requests that an instance has sent. */
interface Watched {
  instance: Sysparm.Instance;
  paths: string[];
}

async function watched({ open }: World): Promise<Watched> {
  const paths: string[] = [];
  const counting: typeof fetch = (input, init) => {
    const { pathname, search } = new URL(String(input));
    if (pathname !== "/oauth_token.do") paths.push(`${init?.method} ${pathname}${search}`);
    return fetch(input, init);
  };
  return { instance: await open({ fetch: counting }), paths };
}

const messages = (error: Sysparm.SysparmError) =>
  (error as Sysparm.VariablesRefused).problems.map(({ message }) => message).join("\n");

const ADMINISTRATOR = { username: "practice.admin", password: "practice-admin-password" };

async function setTwoSteps({ open }: World, value: string): Promise<void> {
  const properties = (await open({ auth: ADMINISTRATOR })).table("sys_properties");
  const [found] = (await properties.list({ query: "name=glide.sc.checkout.twostep", limit: 1 })).rows;
  await properties.update(String(found?.sys_id), { value });
}

export const CATALOG_CASES: Record<string, Case> = {
  "catalog lists catalogs, categories, and items by pages": async ({ open, thrown }) => {
    const { catalog } = await open();
    const [service] = (await catalog.catalogs()).filter(({ title }) => title === "Service Catalog");
    is(`${service?.hasItems} ${service?.hasCategories}`, "true true");
    const top = await catalog.categories(service?.id ?? "", { topLevelOnly: true });
    const hardware = top.find(({ title }) => title === "Hardware");
    is(`${(hardware?.count ?? 0) > 0} ${hardware?.subcategories.map(({ title }) => title)}`, "true Tablets");
    const { items } = await catalog.items({ text: "iphone" });
    is(items.map(({ id, name, type }) => `${id} ${name} ${type}`).join(), `${PHONE} Apple iPhone 5 catalog_item`);
    const ids = new Set<string>();
    for (let offset: number | null = 0; offset !== null; ) {
      const page: Sysparm.CatalogItemPage = await catalog.items({ limit: 4, offset });
      for (const { id } of page.items) ids.add(id);
      offset = page.next;
    }
    is(ids.size, (await catalog.items()).items.length);
    is((await catalog.items({ type: "Record Producer", text: "incident" })).items[0]?.id, INCIDENT);
    is((await thrown(() => catalog.items({ limit: 0 }))).code, "options.type");
    is((await thrown(() => catalog.item("../cart"))).code, "options.type");
    is((await thrown(() => catalog.item(NOBODY))).code, "catalog.item-refused");
  },

  "catalog item has its variables, choices, tables and sets": async ({ open }) => {
    const { catalog } = await open();
    const workspace = await catalog.item(WORKSPACE);
    const kinds = Object.fromEntries(workspace.variables.map(({ name, kind }) => [name, kind]));
    is(
      JSON.stringify(kinds),
      JSON.stringify({
        requested_for: "reference",
        project_name: "text",
        purpose: "text",
        briefing: "text",
        project_manager: "reference",
        members: "references",
        department: "lookup",
        urgency: "choice",
        external_partners: "choice",
        confidentiality: "choice",
        start_date: "date",
        kick_off: "date-time",
        contact: "email",
        site: "url",
        allowed_address: "ip-address",
        access_code: "text",
      }),
    );
    const named = (item: Sysparm.CatalogItem, name: string) => item.variables.find((one) => one.name === name);
    is(
      `${named(workspace, "project_manager")?.table} ${named(workspace, "project_manager")?.mandatory}`,
      "sys_user true",
    );
    is(
      named(workspace, "confidentiality")
        ?.choices?.map(({ value }) => value)
        .join(),
      "1,2,3,4",
    );
    const phone = await catalog.item(PHONE);
    is(`${named(phone, "replacement")?.defaultValue} ${phone.price !== undefined}`, "No true");
    const server = await catalog.item(SERVER);
    is(`${named(server, "cost_center")?.mandatory} ${named(server, "cost_center")?.set}`, "true Cost center");
    const [rules] = (await catalog.item(FIREWALL)).rowSets;
    is(
      `${rules?.name} ${rules?.maxRows} ${rules?.variables.map(({ name }) => name)}`,
      "firewall_rules 50 source,destination,port",
    );
  },

  "refused answer is named with label, reason and step": async (world) => {
    const { instance, paths } = await watched(world);
    const { catalog } = instance;
    const refused = await world.thrown(() =>
      catalog.order(PHONE, { quantity: 0, variables: { originalnumbr: "1", data_plan: "1 GB", replacement: "no" } }),
    );
    is(`${refused.code} ${refused instanceof world.sysparm.RequestError}`, "catalog.variables-refused true");
    is(
      messages(refused),
      [
        "Quantity (quantity) is 0. Pass a whole number from 1 to 10000.",
        "originalnumbr is no variable of Apple iPhone 5. Did you mean originalnumber?",
        'Is this a replacement for a lost or broken phone? (replacement) is "no". Pass No.',
        'Monthly data allowance (data_plan) is "1 GB". Pass one of: 500MB, 1GB, 2GB.',
      ].join("\n"),
    );
    is(
      paths.some((path) => path.startsWith("POST")),
      false,
    );
    const rows = [
      { source: "10.0.0.1", destination: "10.0.0.999" },
      { source: "::1", port: "1" },
    ];
    const wrong = await world.thrown(() => catalog.order(FIREWALL, { variables: { firewall_rules: rows } }));
    is(
      messages(wrong),
      [
        "Why is the rule needed? (reason) is required and has no answer. Pass a value.",
        'Destination (destination) in row 1 of firewall_rules is "10.0.0.999". Pass an IPv4 or IPv6 address.',
        "Destination (destination) in row 2 of firewall_rules is required and has no answer. Pass a value.",
      ].join("\n"),
    );
    is(refused.message.includes("Nothing was sent, because 4 answers are refused. Quantity"), true);
  },

  "keys in answers are looked up with one query for a table": whereNoRowIsHidden(async (world) => {
    const { instance, paths } = await watched(world);
    const users = await instance.table("sys_user").toArray({ fields: ["sys_id"], limit: 3 });
    const [manager = "", ...members] = users.map(({ sys_id }) => String(sys_id));
    const item = await instance.catalog.item(WORKSPACE);
    paths.length = 0;
    const good = { project_name: "Apollo", project_manager: manager, members };
    const fine = await instance.catalog.checkVariables(item, good, { requestedFor: manager });
    is(`${fine.ok} ${fine.unchecked.length} ${fine.values.members}`, `true 0 ${members.join()}`);
    is(paths.filter((path) => path.includes("/table/sys_user")).length, 1);
    const bad = await instance.catalog.checkVariables(item, { ...good, members: [manager, NOBODY] });
    is(
      bad.problems.map(({ message }) => message).join(),
      `Members (members) is ${NOBODY}, and sys_user has no such record. Pass another sys_id.`,
    );
    const unseen = await instance.catalog.checkVariables(item, { ...good, members: [NOBODY] }, { references: false });
    is(unseen.ok, true);
  }),

  "order that the instance refuses is diagnosed with its causes": async ({ open, thrown }) => {
    const { catalog } = await open();
    const refused = await thrown(() => catalog.order(PHONE, { check: false }));
    is(`${refused.code} ${refused.name} ${refused.status}`, "catalog.answer-missing RequestError 400");
    const [cause] = refused.diagnosis.causes;
    is(`${cause?.code} ${(cause?.fix.length ?? 0) > 0}`, "catalog.answer-left-out true");
    is((await thrown(() => catalog.order(PHONE, { check: false, quantity: -1 }))).code, "catalog.quantity");
    const failed = await thrown(() => catalog.order(INCIDENT, { check: false, variables: { comments: "x" } }));
    is(`${failed.code} ${failed.name}`, "catalog.order-failed RequestError");
    const mistaken = await thrown(() => catalog.order(INCIDENT));
    const step = "Invalid argument `item`: Create Incident is a record_producer. Pass it to submitProducer().";
    is(mistaken.message, step);
    is((await thrown(() => catalog.submitProducer(TABLET))).message.endsWith("Pass it to order()."), true);
  },

  "order is placed from variables, and followed to its tasks": whereNoRowIsHidden(async ({ open, thrown }) => {
    const { catalog } = await open();
    const ordered = await catalog.order(SERVER, {
      variables: { operating_system: "rhel9", environment: "test", cores: 4, cost_center: "4711" },
    });
    if (!ordered.placed) throw new Error("not placed");
    const request = await catalog.request(ordered.number, { variables: true });
    const { hidden } = request;
    is(`${request.id} ${request.active}`, `${ordered.id} true`);
    is(request.complete, hidden.items === 0 && hidden.tasks === 0);
    const unsaid = await open({
      fetch: async (input, init) => {
        const reply = await fetch(input, init);
        const headers = new Headers(reply.headers);
        headers.delete("x-total-count");
        return new Response(reply.body, { status: reply.status, headers });
      },
    });
    is((await unsaid.catalog.request(ordered.number)).complete, false);
    is(`${request.state.value} ${request.state.label} ${request.approval.value}`, "in_process Approved approved");
    const [item] = request.items;
    is(`${request.items.length} ${item?.item.id} ${item?.quantity} ${item?.state.label}`, `1 ${SERVER} 1 Open`);
    is(item?.variables?.cost_center, "4711");
    is(item?.variables?.cores, "4");
    is(item?.tasks.map(({ number, active }) => `${number.slice(0, 6)} ${active}`).join(), "SCTASK true");
    is(request.tasks.length, 0);
    const tasks = (await open({ auth: ADMINISTRATOR })).table("sc_task");
    const own = await tasks.create({ request: ordered.id, short_description: "Of the request itself" });
    const { tasks: ofRequest, items } = await catalog.request(ordered.number);
    is(`${ofRequest.map(({ id }) => id)} ${items[0]?.tasks.length}`, `${own.sys_id} 1`);
    is((await catalog.request(item?.number ?? "")).id, ordered.id);
    is((await catalog.request(ordered.id)).number, ordered.number);
    const missing = await thrown(() => catalog.request("REQ9999999"));
    is(`${missing.code} ${missing.name}`, "record.not-found RecordError");
    const rules = [{ source: "10.0.0.1", destination: "10.0.0.2", port: 443 }];
    const rule = await catalog.order(FIREWALL, { variables: { reason: "New service", firewall_rules: rules } });
    const ruled = rule.placed ? await catalog.request(rule.id, { variables: true }) : undefined;
    const [row, second] = ruled?.items[0]?.rowSets?.firewall_rules ?? [];
    is(`${row?.source} ${row?.destination} ${row?.port} ${second}`, "10.0.0.1 10.0.0.2 443 undefined");
  }),

  "cart is filled, changed, emptied and ordered in two steps": whereNoRowIsHidden(async (world) => {
    const { open, thrown } = world;
    const { catalog } = await open();
    await catalog.emptyCart();
    await catalog.addToCart(TABLET, { quantity: 2 });
    const filled = await catalog.addToCart(PHONE, { variables: { data_plan: "1GB" } });
    is(filled.lines.map(({ name, quantity }) => `${name} ${quantity}`).join(), "Apple iPad 3 2,Apple iPhone 5 1");
    const [tablet, phone] = filled.lines;
    const changed = await catalog.updateCart(phone?.id ?? "", { quantity: 3, variables: { data_plan: "2GB" } });
    is(changed.lines.find(({ id }) => id === phone?.id)?.quantity, 3);
    await catalog.updateCart(phone?.id ?? "", { quantity: 1 });
    await catalog.removeFromCart(tablet?.id ?? "");
    is((await catalog.cart()).lines.map(({ name, quantity }) => `${name} ${quantity}`).join(), "Apple iPhone 5 1");
    await setTwoSteps(world, "true");
    try {
      const first = await catalog.checkout();
      is(first.placed ? "placed" : first.cart?.lines[0]?.item, PHONE);
      const second = await catalog.submitOrder();
      const request = second.placed ? await catalog.request(second.number, { variables: true }) : undefined;
      is(request?.items[0]?.variables?.data_plan, "2GB");
    } finally {
      await setTwoSteps(world, "false");
    }
    is((await thrown(() => catalog.checkout())).code, "catalog.cart-empty");
    await catalog.addToCart(VPN);
    is((await catalog.checkout()).placed, true);
  }),

  "record producer creates a record from its variables": whereNoRowIsHidden(async ({ open, thrown }) => {
    const instance = await open();
    const made = await instance.catalog.submitProducer(INCIDENT, {
      variables: { comments: "No network", urgency: "1" },
    });
    is(made.table, "incident");
    const record = await instance.table("incident").get(made.id);
    is(`${record.number} ${record.urgency} ${record.short_description}`, `${made.number} 1 No network`);
    await instance.table("incident").delete(made.id);
    const refused = await thrown(() => instance.catalog.submitProducer(INCIDENT, { variables: { urgency: "4" } }));
    is(
      messages(refused),
      'Urgency (urgency) is "4". Pass one of: 1, 2, 3.\nPlease describe your issue below (comments) is required and has no answer. Pass a value.',
    );
  }),
};
