// The control page: shows the state of /__practice and sends the chosen scenarios, faults and switches.

import { ask, at, documented, filterBy, make, makeRow, say, spaced } from "./elements.js";
import { showFaults, typedFault } from "./faults.js";
import { fieldFor, schemaOf } from "./schema.js";

const MOST_SHOWN = 100;
let state;
let standard;

function showState(next) {
  state = next;
  showFacts();
  showSwitches();
  showFaults(state.switches.faults, (place) => change("faults", state.switches.faults.toSpliced(place, 1)));
}

function showFacts() {
  const facts = {
    release: state.switches.release,
    "clock (UTC)": new Date(state.now).toISOString().slice(0, 19).replace("T", " "),
    requests: state.requests,
    "live tokens": state.live_tokens,
    memory: `${(state.bytes / 1e6).toFixed(1)} MB`,
  };
  at("facts").replaceChildren(
    ...Object.entries(facts).map(([name, value]) =>
      make("div", {}, make("dt", { textContent: name }), make("dd", { textContent: value })),
    ),
  );
}

function showSwitches() {
  const { properties } = schemaOf("Switches");
  const fields = Object.entries(state.switches).filter(([name]) => name !== "faults");
  const holders = fields.map(([name, value]) => {
    const field = fieldFor(`switch-${name}`, properties[name], value, spaced(name));
    field.input.addEventListener("change", () => change(name, field.read()));
    const changed = JSON.stringify(value) !== JSON.stringify(standard?.[name]);
    field.holder.classList.toggle("changed", changed);
    return field.holder;
  });
  const isChanged = (holder) => holder.classList.contains("changed");
  at("switches").replaceChildren(...holders.toSorted((one, other) => isChanged(other) - isChanged(one)));
  filterBy(at("switch-filter"), at("switches").children);
}

async function change(name, value) {
  const next = await ask("switches", { [name]: value });
  if (!next) return;
  say(name === "faults" ? "The faults have changed." : `Set: ${spaced(name)}.`);
  showState(next);
  if (name === "loopback_port") await showAccounts();
  at(`switch-${name}`)?.focus();
}

async function showAccounts() {
  const { users = [], clients = [], keys = [] } = (await ask("accounts")) ?? {};
  const code = (textContent) => make("code", { textContent });
  at("users").replaceChildren(
    ...users.map((user) => {
      const signsIn = user.apis_only ? "to APIs" : "to APIs and pages";
      return makeRow([code(user.user_name), code(user.password), user.roles.join(", "), signsIn]);
    }),
  );
  at("clients").replaceChildren(
    ...clients.map((client) => {
      const uris = make("span", {}, ...client.redirect_uris.flatMap((uri) => [code(uri), make("br")]));
      return makeRow([code(client.client_id), code(client.client_secret), code(client.user_name), uris]);
    }),
  );
  at("keys").replaceChildren(...keys.map((key) => makeRow([key.name, code(key.token), code(key.user_name)])));
  at("keys-list").hidden = keys.length === 0;
  const any = state.switches.loopback_port === "any";
  at("ports").textContent = any
    ? "Redirect URIs on this machine are accepted with any port."
    : "Redirect URIs are accepted only as they are registered.";
}

async function showTables() {
  const { tables = [] } = (await ask("tables")) ?? {};
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  at("tables-sum").textContent = `${rows.toLocaleString("en")} rows in ${tables.length} tables.`;
  at("tables").replaceChildren(
    ...tables.map(({ name, label, parent, rows }) => {
      const link = make("a", { href: `/api/now/table/${name}?sysparm_limit=20`, textContent: name });
      return makeRow([link, label, parent ?? "", [rows.toLocaleString("en"), "number"]]);
    }),
  );
  filterBy(at("table-filter"), at("tables").children);
}

async function showScenarios() {
  const { scenarios = [] } = (await ask("scenarios")) ?? {};
  const setting = ([name, value]) => `${spaced(name)}: ${JSON.stringify(value)}`;
  at("scenarios").replaceChildren(
    ...scenarios.map(({ name, symptom, see, switches, records }) => {
      const sets = Object.entries(switches).map(setting);
      if (records > 0) sets.push(`${records} ${records === 1 ? "record" : "records"}`);
      const begin = make("button", { type: "button", textContent: "Begin" });
      begin.setAttribute("aria-label", `Begin ${name}`);
      begin.addEventListener("click", () => beginScenario(name));
      const about = make(
        "div",
        {},
        make("strong", { textContent: name }),
        make("p", { textContent: symptom }),
        make("p", { className: "quiet" }, "Seen with: ", ...documented(see)),
        make("p", { className: "quiet", textContent: sets.length ? `Sets ${sets.join("; ")}` : "Sets nothing" }),
      );
      return make("li", {}, about, begin);
    }),
  );
}

async function beginScenario(name) {
  const begun = await ask("scenario", { name });
  if (!begun) return;
  await refresh();
  say(`${begun.name} has begun. Seen with: ${begun.see}`);
}

async function showJournal() {
  const journal = await ask("journal");
  const isShown = ({ status }) => status >= 400 || !at("failed-only").checked;
  const requests = (journal?.requests ?? []).filter(isShown).slice(-MOST_SHOWN).reverse();
  const rows = requests.map((entry) =>
    makeRow(
      [
        new Date(entry.at).toISOString().slice(11, 23),
        entry.user,
        entry.method,
        [entry.status, "number"],
        [entry.query ? `${entry.path}?${entry.query}` : entry.path, "target"],
        [entry.ms.toFixed(2), "number"],
      ],
      entry.status >= 400 ? "failed" : "",
    ),
  );
  const textContent = at("failed-only").checked ? "No failed request" : "No request yet";
  const none = make("tr", {}, make("td", { colSpan: 6, className: "quiet", textContent }));
  at("journal").replaceChildren(...(rows.length ? rows : [none]));
}

async function refresh() {
  const next = await ask("state");
  if (next) showState(next);
  await Promise.all([showJournal(), showTables(), showAccounts()]);
}

at("fault").addEventListener("submit", (event) => {
  event.preventDefault();
  change("faults", [...state.switches.faults, typedFault()]);
});
at("switches").addEventListener("submit", (event) => event.preventDefault());
at("scenario-filter").addEventListener("input", () => filterBy(at("scenario-filter"), at("scenarios").children));
at("switch-filter").addEventListener("input", () => filterBy(at("switch-filter"), at("switches").children));
at("table-filter").addEventListener("input", () => filterBy(at("table-filter"), at("tables").children));
at("failed-only").addEventListener("change", showJournal);
at("revoke").addEventListener("click", async () => {
  const next = await ask("revoke-tokens", {});
  if (next) {
    showState(next);
    say("All tokens are revoked.");
  }
});
at("reset").addEventListener("click", async () => {
  if (await ask("reset", {})) {
    await refresh();
    say("The instance has been reset.");
  }
});

// A keyboard scrolls what has the focus.
for (const region of document.querySelectorAll(".scroll")) region.tabIndex = 0;
standard = (await ask("standard"))?.switches;
await showScenarios();
await refresh();
// The page links to its sections, which exist only now.
if (location.hash) document.querySelector(location.hash)?.scrollIntoView();
document.body.dataset.ready = "true";

// Does not redraw the switches, because a person may be typing.
setInterval(async () => {
  if (!at("follow").checked || document.hidden) return;
  const next = await ask("state");
  if (next) {
    state = { ...next, switches: state.switches };
    showFacts();
  }
  await showJournal();
}, 2000);
