/** What the package promises of orders of the Service Catalog whose answer is lost: looked up, and sent again only if nothing arrived. */
import type * as Sysparm from "sysparm";
import { type Case, is, whereNoRowIsHidden } from "./cases.js";

const TABLET = "060f3afa3731300054b6a3549dbe5d3e";
const SERVER = "5b0c9e8d7f6a45b3921c0d4e8f7a6b51";
const WORKSPACE = "7d2e1a0f9b8c47d5b43e2f6a0b9c8d73";
const NOBODY = "0".repeat(32);
const SERVER_ANSWERS = { operating_system: "rhel9", environment: "test", cost_center: "4711" };
const QUICK = { settleMs: 250 };

/** A network that loses the answers of the next POSTs to a path, after the instance has done what they ask for or before. */
function losing(path: string): {
  fetch: typeof fetch;
  lose(times: number, isCarriedOut: boolean): void;
  sent(): number;
} {
  const plan = { left: 0, isCarriedOut: false, sent: 0 };
  const lossy: typeof fetch = async (input, init) => {
    if (init?.method !== "POST" || !new URL(String(input)).pathname.endsWith(path)) return fetch(input, init);
    plan.sent += 1;
    if (plan.left === 0) return fetch(input, init);
    plan.left -= 1;
    if (plan.isCarriedOut) await (await fetch(input, { ...init, signal: null })).arrayBuffer();
    throw new TypeError("connection lost");
  };
  const lose = (left: number, isCarriedOut: boolean) => Object.assign(plan, { left, isCarriedOut, sent: 0 });
  return { fetch: lossy, lose, sent: () => plan.sent };
}

export const LOST_ORDER_CASES: Record<string, Case> = {
  "lost order is found by its items and answers, not repeated": whereNoRowIsHidden(async ({ open }) => {
    const network = losing("/order_now");
    const { catalog } = await open({ fetch: network.fetch });
    const requests = (await open()).table("sc_request");
    // Another order of the same item by the same user, with another answer.
    await catalog.order(SERVER, { variables: { ...SERVER_ANSWERS, cost_center: "0815" } });
    for (const isCarriedOut of [true, false]) {
      const before = await requests.count();
      network.lose(1, isCarriedOut);
      const ordered = await catalog.order(SERVER, { variables: SERVER_ANSWERS, recovery: QUICK });
      is(`${ordered.placed} ${ordered.found} ${network.sent()}`, isCarriedOut ? "true true 1" : "true undefined 2");
      is(await requests.count(), before + 1);
      const { items } = await catalog.request(ordered.placed ? ordered.number : "", { variables: true });
      is(items[0]?.variables?.cost_center, "4711");
    }
  }),

  "lost order for a user in capital letters is found": whereNoRowIsHidden(async ({ open }) => {
    const network = losing("/order_now");
    const instance = await open({ fetch: network.fetch });
    const { catalog } = instance;
    const table = (name: string) => instance.table(name);
    const requests = table("sc_request");
    const [user] = (await table("sys_user").list({ query: "active=true", limit: 1 })).rows;
    const requestedFor = String(user?.sys_id).toUpperCase();
    is(requestedFor.length, 32);
    const before = await requests.count();
    network.lose(1, true);
    const ordered = await catalog.order(SERVER, { variables: SERVER_ANSWERS, requestedFor, recovery: QUICK });
    is(`${ordered.placed} ${ordered.found} ${network.sent()}`, "true true 1");
    is(await requests.count(), before + 1);
  }),

  "lost order that the instance changed is not sent again": whereNoRowIsHidden(async ({ open, thrown }) => {
    const network = losing("/order_now");
    const instance = await open({ fetch: network.fetch });
    const { catalog } = instance;
    const table = (name: string) => instance.table(name);
    const users = await table("sys_user").toArray({ fields: ["sys_id"], limit: 2, query: "active=true" });
    const [first = "", second = ""] = users.map(({ sys_id }) => String(sys_id));
    const lost = async (item: string, order: Sysparm.CatalogOrder) => {
      const before = await table("sc_request").count();
      network.lose(9, true);
      const error = await thrown(() => catalog.order(item, { ...order, recovery: QUICK }));
      const made = (await table("sc_request").count()) - before;
      is(`${error.name} ${network.sent()} ${made} ${error.known?.ids.length}`, "UnknownOutcomeError 1 1 1");
      is(error.message.includes("No request was made"), false);
    };
    // The instance orders for the caller where it finds no such user.
    await lost(SERVER, { variables: SERVER_ANSWERS, requestedFor: NOBODY, check: false });
    // A variable of type 31 wins over the option; without it the order is found.
    const variables = { project_name: "p", purpose: "p", project_manager: first, requested_for: second };
    network.lose(1, true);
    const { found } = await catalog.order(WORKSPACE, {
      variables,
      requestedFor: first,
      recovery: QUICK,
      check: false,
    });
    is(`${found} ${network.sent()}`, "true 1");
    // The instance orders another quantity.
    const halved = await open({
      fetch: async (input, init) => {
        if (!String(input).endsWith("/order_now")) return fetch(input, init);
        const body = String(init?.body).replace('"sysparm_quantity":"2"', '"sysparm_quantity":"1"');
        return network.fetch(input, { ...init, body });
      },
    });
    const before = await table("sc_request").count();
    network.lose(9, true);
    const error = await thrown(() => halved.catalog.order(TABLET, { quantity: 2, recovery: QUICK }));
    is(`${error.name} ${network.sent()}`, "UnknownOutcomeError 1");
    is(await table("sc_request").count(), before + 1);
  }),

  "lost order is found by a key in its answers": whereNoRowIsHidden(async ({ open, thrown }) => {
    const network = losing("/order_now");
    const { catalog } = await open({ fetch: network.fetch });
    const correlation = { variable: "budget_code" };
    network.lose(1, true);
    const ordered = await catalog.order(SERVER, { variables: SERVER_ANSWERS, recovery: QUICK, correlation });
    is(`${ordered.placed} ${ordered.found} ${network.sent()}`, "true true 1");
    network.lose(2, false);
    const again = await catalog.order(SERVER, { variables: SERVER_ANSWERS, recovery: QUICK, correlation });
    is(`${again.placed} ${again.found} ${network.sent()}`, "true undefined 3");
    const value = `order ${Date.now()}`;
    const keyed = { variables: SERVER_ANSWERS, correlation: { variable: "budget_code", value, lookFirst: true } };
    const first = await catalog.order(SERVER, keyed);
    const second = await catalog.order(SERVER, keyed);
    is(`${second.placed && first.placed && second.number === first.number} ${second.found}`, "true true");
    const other = await thrown(() =>
      catalog.order(SERVER, { variables: SERVER_ANSWERS, correlation: { variable: "cores" } }),
    );
    is(other.code, "options.correlation");
  }),

  "keyed order whose key is not found is not sent again": whereNoRowIsHidden(async ({ open, thrown }) => {
    const correlation = { variable: "budget_code" };
    const lost = async (answer: (address: string) => Response | undefined, changed = (body: string) => body) => {
      const network = losing("/order_now");
      const { catalog } = await open({
        fetch: async (input, init) => {
          const body = typeof init?.body === "string" ? { body: changed(init.body) } : {};
          return answer(String(input)) ?? network.fetch(input, { ...init, ...body });
        },
      });
      network.lose(9, true);
      const error = await thrown(() =>
        catalog.order(SERVER, { variables: SERVER_ANSWERS, recovery: QUICK, correlation }),
      );
      is(`${error.name} ${network.sent()}`, "UnknownOutcomeError 1");
    };
    // A rule hides every answer from this user, from counts too.
    await lost((address) => {
      if (!address.includes("/sc_item_option")) return undefined;
      const result = address.includes("/stats/") ? { stats: { count: "0" } } : [];
      return Response.json({ result }, { headers: { "x-total-count": "0" } });
    });
    // The instance drops the answer.
    const dropped = (body: string) => body.replace(/"budget_code":"[^"]*"/, '"budget_code":""');
    await lost(() => undefined, dropped);
  }),

  "order that cannot be decided names the requests to compare": whereNoRowIsHidden(async ({ open, thrown }) => {
    const wanted = { variables: SERVER_ANSWERS, recovery: QUICK };
    /** Loses the answer, after the order was placed so often. */
    const placing =
      (times: number, isReadable: boolean): typeof fetch =>
      async (input, init) => {
        const { pathname } = new URL(String(input));
        if (pathname.endsWith("/sc_item_option_mtom") && !isReadable) {
          return Response.json(
            { error: { message: "User Not Authorized", detail: "" }, status: "failure" },
            { status: 403 },
          );
        }
        if (!pathname.endsWith("/order_now")) return fetch(input, init);
        for (let placed = 0; placed < times; placed += 1)
          await (await fetch(input, { ...init, signal: null })).arrayBuffer();
        throw new TypeError("connection lost");
      };
    const order = (times: number, isReadable: boolean) =>
      thrown(async () => (await open({ fetch: placing(times, isReadable) })).catalog.order(SERVER, wanted));
    const twice = await order(2, true);
    is(`${twice.code} ${twice.known?.ids.length}`, "write.duplicated 2");
    const unread = await order(1, false);
    is(`${unread.name} ${unread.known?.ids.length} ${unread.known?.sends}`, "UnknownOutcomeError 1 1");
    // The instance does nothing, and another process orders the same with another answer.
    const other = await thrown(async () => {
      const { catalog } = await open({
        fetch: async (input, init) => {
          if (!String(input).endsWith("/order_now")) return fetch(input, init);
          const body = String(init?.body).replace("4711", "0815");
          await (await fetch(input, { ...init, body, signal: null })).arrayBuffer();
          throw new TypeError("connection lost");
        },
      });
      return catalog.order(SERVER, wanted);
    });
    is(`${other.name} ${other.message.includes("hold the same items with other answers")}`, "UnknownOutcomeError true");
    const { number } = await (await open()).catalog.request(unread.known?.ids[0] ?? "");
    is(unread.message.includes(`Whether ${number} is the order cannot be read: compare items and answers`), true);
  }),

  "interrupted order is found in the cart, and not sent again": whereNoRowIsHidden(async ({ open, thrown }) => {
    let orders = 0;
    /** The instance has put the item into the cart, as an order begins, and gets no further. */
    const interrupted: typeof fetch = async (input, init) => {
      const address = String(input);
      if (!address.endsWith("/order_now")) return fetch(input, init);
      orders += 1;
      await (await fetch(address.replace("order_now", "add_to_cart"), { ...init, signal: null })).arrayBuffer();
      throw new TypeError("connection lost");
    };
    const { catalog } = await open({ fetch: interrupted });
    await catalog.emptyCart();
    const wanted = { variables: SERVER_ANSWERS, recovery: QUICK };
    const keyed = await catalog.order(SERVER, { ...wanted, correlation: { variable: "budget_code" } });
    is(`${keyed.placed} ${!keyed.placed && keyed.cart?.lines.length} ${keyed.found} ${orders}`, "false 1 true 1");
    const lost = await thrown(() => catalog.order(SERVER, wanted));
    const [, line] = (await catalog.cart()).lines;
    is(`${lost.name} ${orders}`, "UnknownOutcomeError 2");
    is(
      lost.message.includes(`The cart has new lines of this item (${line?.id}): order the cart, or remove them`),
      true,
    );
    await catalog.emptyCart();
  }),

  "key that was used already is not advised to be another one": whereNoRowIsHidden(async ({ open, thrown }) => {
    const orders: string[] = [];
    let isInterrupted = false;
    const { catalog } = await open({
      fetch: async (input, init) => {
        const address = String(input);
        if (!address.endsWith("/order_now")) return fetch(input, init);
        orders.push(address);
        if (!isInterrupted) return fetch(input, init);
        await (await fetch(address.replace("order_now", "add_to_cart"), { ...init, signal: null })).arrayBuffer();
        throw new TypeError("connection lost");
      },
    });
    await catalog.emptyCart();
    const order = (value: string, lookFirst: boolean) => {
      const correlation = { variable: "budget_code", value, lookFirst };
      return catalog.order(SERVER, { variables: SERVER_ANSWERS, recovery: QUICK, correlation });
    };
    const value = `twice ${Date.now()}`;
    for (const _ of [1, 2]) await order(value, false);
    const twice = await thrown(() => order(value, true));
    is(`${twice.code} ${twice.known?.ids.length} ${orders.length}`, "write.duplicated 2 2");
    isInterrupted = true;
    await order(`${value} cart`, false);
    const stored = await thrown(() => order(`${value} cart`, true));
    is(`${stored.code} ${orders.length}`, "write.key-unusable 3");
    is(stored.message.includes("with another key it would be placed again"), true);
    is(stored.message.includes("Pass another key"), false);
    await catalog.emptyCart();
  }),

  "record that a producer made twice is reported with both": whereNoRowIsHidden(async ({ open, thrown }) => {
    const network = losing("/submit_producer");
    const instance = await open({ fetch: network.fetch });
    const { items } = await instance.catalog.items({ type: "Record Producer", text: "problem" });
    const value = `Both ${Date.now()}`;
    const submit = (lookFirst: boolean) => {
      const correlation = { variable: "short_description", table: "problem", value, lookFirst };
      return instance.catalog.submitProducer(items[0]?.id ?? "", { correlation, recovery: QUICK });
    };
    const made = [await submit(false), await submit(false)];
    network.lose(0, true);
    const twice = await thrown(() => submit(true));
    is(`${twice.code} ${twice.known?.ids.length} ${network.sent()}`, "write.duplicated 2 0");
    for (const { id } of made) await instance.table("problem").delete(id);
  }),

  "lost record of a producer is found by a key in its field": whereNoRowIsHidden(async ({ open, thrown }) => {
    const network = losing("/submit_producer");
    const instance = await open({ fetch: network.fetch });
    const { items } = await instance.catalog.items({ type: "Record Producer", text: "problem" });
    const producer = items[0]?.id ?? "";
    const value = `Why ${Date.now()}`;
    const key = { variable: "short_description", table: "problem", value, lookFirst: true };
    const submit = (correlation: Sysparm.ProducerCorrelation) =>
      instance.catalog.submitProducer(producer, { correlation, recovery: QUICK });
    network.lose(1, true);
    const made = await submit(key);
    is(`${made.table} ${made.found} ${network.sent()} ${made.number.slice(0, 3)}`, "problem true 1 PRB");
    is((await submit(key)).id, made.id);
    network.lose(1, false);
    const again = await submit({ ...key, value: `${value}, again` });
    is(`${again.found} ${network.sent()}`, "undefined 2");
    const none = await thrown(() => instance.catalog.submitProducer(producer, { recovery: {} }));
    is(none.code, "options.correlation");
    for (const { id } of [made, again]) await instance.table("problem").delete(id);
  }),

  "lost answers of the cart are looked up, none is repeated": whereNoRowIsHidden(async ({ open }) => {
    const adding = losing("/add_to_cart");
    const { catalog } = await open({ fetch: adding.fetch });
    await catalog.emptyCart();
    for (const isCarriedOut of [true, false]) {
      adding.lose(1, isCarriedOut);
      await catalog.addToCart(TABLET, { recovery: QUICK });
      is(adding.sent(), isCarriedOut ? 1 : 2);
    }
    is((await catalog.cart()).lines.length, 2);
    const submitting = losing("/submit_order");
    const other = await open({ fetch: submitting.fetch });
    submitting.lose(1, true);
    const ordered = await other.catalog.submitOrder({ recovery: QUICK });
    is(`${ordered.placed} ${ordered.found} ${submitting.sent()}`, "true true 1");
    is((await catalog.request(ordered.placed ? ordered.id : "")).items.length, 2);
    await catalog.removeFromCart(NOBODY);
  }),

  "line that came with another quantity is not added again": whereNoRowIsHidden(async ({ open, thrown }) => {
    let adds = 0;
    let isQuantityShown = true;
    /** The instance adds one piece, whatever was asked for, and its cart may not say how many. */
    const changing: typeof fetch = async (input, init) => {
      const address = String(input);
      if (address.endsWith("/cart") && !isQuantityShown) {
        const text = await (await fetch(input, init)).text();
        return new Response(text.replaceAll('"quantity"', '"pieces"'), {
          headers: { "content-type": "application/json" },
        });
      }
      if (!address.endsWith("/add_to_cart")) return fetch(input, init);
      adds += 1;
      const body = String(init?.body).replace('"sysparm_quantity":"2"', '"sysparm_quantity":"1"');
      await (await fetch(input, { ...init, body, signal: null })).arrayBuffer();
      throw new TypeError("connection lost");
    };
    const { catalog } = await open({ fetch: changing });
    await catalog.emptyCart();
    for (const quantity of [2, 1]) {
      adds = 0;
      const lines = new Set((await catalog.cart()).lines.map(({ id }) => id));
      isQuantityShown = quantity === 2;
      const error = await thrown(() => catalog.addToCart(TABLET, { quantity, recovery: QUICK }));
      is(`${error.name} ${adds} ${error.known?.ids.length} ${error.known?.records}`, "UnknownOutcomeError 1 1 1");
      is(lines.has(error.known?.ids[0] ?? ""), false);
      is(error.message.includes("The cart has new lines of this item with another quantity: compare them"), true);
    }
    isQuantityShown = true;
    is((await catalog.cart()).lines.length, 2);
    await catalog.emptyCart();
  }),

  "empty cart is not ordered while another process orders": whereNoRowIsHidden(async ({ open, thrown }) => {
    const { catalog } = await open();
    await catalog.emptyCart();
    const paths: string[] = [];
    const other = await open({
      fetch: async (input, init) => {
        paths.push(new URL(String(input)).pathname);
        // Another process orders meanwhile.
        if (String(input).endsWith("/checkout")) await catalog.order(TABLET);
        return String(input).endsWith("/checkout")
          ? Promise.reject(new TypeError("connection lost"))
          : fetch(input, init);
      },
    });
    const empty = await thrown(() => other.catalog.checkout({ recovery: QUICK }));
    is(`${empty.code} ${paths.some((path) => path.endsWith("/checkout"))}`, "catalog.cart-empty false");
  }),

  "line that may not be removed is not said to be removed": async ({ open, thrown }) => {
    const { catalog } = await open({
      fetch: async (input, init) => {
        if (init?.method !== "DELETE") return fetch(input, init);
        const error = { message: "User Not Authorized", detail: "" };
        return Response.json({ error, status: "failure" }, { status: 403 });
      },
    });
    is((await thrown(() => catalog.removeFromCart(NOBODY))).kind, "authorization");
  },
};
