// The form that adds a fault, and the list of active ones.

import { at, documented, make, spaced } from "./elements.js";
import { fieldFor, schemaOf } from "./schema.js";

const kinds = schemaOf("FaultKind").oneOf.map((kind) => {
  const [name, data] = kind.const ? [kind.const] : Object.entries(kind.properties)[0];
  return { name, description: kind.description, properties: Object.entries(data?.properties ?? {}) };
});

/** What a new fault begins with. */
const FIRST = { ms: 2000, bytes_per_second: 1000, value: "text/html", status: 503, retry_after: null };
const FIRST_STATUS = { gateway: 502, redirect: 302, retry_after: 429, empty: 204, echo: 400 };

let amounts = [];

function showKind() {
  const kind = kinds.find(({ name }) => name === at("kind").value);
  at("kind-about").replaceChildren(...documented(kind.description));
  amounts = kind.properties.map(([name, property]) => {
    const first = name === "status" ? (FIRST_STATUS[kind.name] ?? FIRST.status) : (FIRST[name] ?? null);
    const field = fieldFor(`amount-${name}`, property, first, spaced(name));
    if (first === null && field.input.options) field.input.selectedIndex = 0;
    field.input.dispatchEvent(new Event("change"));
    return { name, field };
  });
  at("amounts").replaceChildren(...amounts.map(({ field }) => field.holder));
}

const number = (id) => (at(id).value.trim() ? Number(at(id).value) : null);

/** The fault of the form. */
export function typedFault() {
  const name = at("kind").value;
  const data = Object.fromEntries(amounts.map(({ name, field }) => [name, field.read()]));
  return {
    kind: amounts.length ? { [name]: data } : name,
    path: at("path").value || null,
    probability: number("probability") ?? 1,
    after: number("after") ?? 0,
    count: number("count"),
  };
}

function described({ kind, path, probability, after, count }) {
  const [name, data] = typeof kind === "string" ? [kind, {}] : Object.entries(kind)[0];
  const stated = Object.values(data).filter((amount) => amount !== null);
  const share = probability < 1 ? `, share ${probability}` : "";
  const first = after > 0 ? `, after ${after}` : "";
  const often = count === null ? "" : `, ${count} times`;
  return `${spaced([name, ...stated].join(" "))}: ${path ?? "every path"}${share}${first}${often}`;
}

/** Shows the active faults; `remove` gets the place of one. */
export function showFaults(faults, remove) {
  const items = faults.map((fault, place) => {
    const button = make("button", { type: "button", textContent: "Remove" });
    button.setAttribute("aria-label", `Remove the fault ${described(fault)}`);
    button.addEventListener("click", () => remove(place));
    return make("li", {}, make("span", { textContent: described(fault) }), button);
  });
  at("faults").replaceChildren(...(items.length ? items : [make("li", { className: "quiet", textContent: "None" })]));
}

at("kind").replaceChildren(...kinds.map(({ name }) => make("option", { value: name, textContent: spaced(name) })));
at("kind").addEventListener("change", showKind);
showKind();
