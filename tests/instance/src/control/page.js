// The control page: shows the state of /__practice and sends the chosen switches. Sets every text as text, never as markup.

const at = (id) => document.getElementById(id);
const MOST_SHOWN = 100;

/** Creates an element with these properties and children. */
function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

function say(text, bad = false) {
  at("message").textContent = text;
  at("message").classList.toggle("bad", bad);
}

/** Calls the control API and shows refusals on the page. */
async function ask(path, body) {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  try {
    const reply = await fetch(`/__practice/${path}`, { ...init, headers: { Accept: "application/json" } });
    const answer = await reply.json();
    if (reply.ok) return answer;
    say(answer.error, true);
  } catch {
    say("The practice instance does not answer.", true);
  }
  return undefined;
}

let state;
let standard;

function showState(next) {
  state = next;
  showFacts();
  showSwitches();
  showFaults();
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
  const tables = Object.entries(state.tables);
  const rows = tables.reduce((sum, [, count]) => sum + count, 0);
  at("tables-sum").textContent = `${rows.toLocaleString("en")} rows in ${tables.length} tables`;
  at("tables").replaceChildren(
    ...tables.map(([name, count]) =>
      make("tr", {}, make("td", { textContent: name }), make("td", { textContent: count, className: "number" })),
    ),
  );
}

function showSwitches() {
  const fields = Object.entries(state.switches).filter(([name]) => name !== "faults");
  at("switches").replaceChildren(
    ...fields.map(([name, value]) => {
      const id = `switch-${name}`;
      const flag = typeof value === "boolean";
      const plain = flag || typeof value === "string" || typeof value === "number";
      const text = value === null ? "" : plain ? String(value) : JSON.stringify(value);
      const input = make(
        "input",
        flag ? { id, type: "checkbox", checked: value } : { id, value: text, spellcheck: false },
      );
      input.addEventListener("change", () => change(name, flag ? input.checked : read(value, input.value)));
      const label = make("label", { htmlFor: id, textContent: ` ${name.replaceAll("_", " ")}` });
      const changed = JSON.stringify(value) !== JSON.stringify(standard?.[name]);
      const holder = make("div", { className: `${flag ? "flag" : ""} ${changed ? "changed" : ""}` }, label);
      if (flag) label.prepend(input);
      else holder.append(input);
      return holder;
    }),
  );
}

/** The typed value, as a text, a number or JSON, depending on the switch. */
function read(before, typed) {
  if (typeof before === "string") return typed;
  if (typed.trim() === "") return null;
  try {
    return JSON.parse(typed);
  } catch {
    return typed;
  }
}

async function change(name, value) {
  const next = await ask("switches", { [name]: value });
  if (next) {
    say(`Set: ${name.replaceAll("_", " ")}.`);
    showState(next);
    at(`switch-${name}`)?.focus();
  }
}

const AMOUNTS = {
  delay: ["Milliseconds", "2000", (amount) => ({ delay: { ms: Number(amount) } })],
  trickle: ["Bytes a second", "1000", (amount) => ({ trickle: { bytes_per_second: Number(amount) } })],
  content_type: ["Type", "text/html", (amount) => ({ content_type: { value: amount } })],
  status: ["Status", "503", (amount) => ({ status: { status: Number(amount) } })],
};

function showAmount() {
  const [label, value] = AMOUNTS[at("kind").value] ?? [];
  at("amount").hidden = at("amount-label").hidden = label === undefined;
  at("amount-label").textContent = label ?? "";
  at("amount").value = value ?? "";
}

function showFaults() {
  const described = (fault) => {
    const [name, amounts] = typeof fault.kind === "string" ? [fault.kind, {}] : Object.entries(fault.kind)[0];
    const stated = Object.values(amounts).filter((amount) => amount !== null);
    const kind = [name, ...stated].join(" ");
    const often = fault.count === null ? "without end" : `${fault.count} times`;
    return `${kind.replaceAll("_", " ")}: ${fault.path ?? "every path"}, share ${fault.probability}, ${often}`;
  };
  at("faults").replaceChildren(
    ...state.switches.faults.map((fault, place) => {
      const remove = make("button", { type: "button", textContent: "Remove" });
      remove.setAttribute("aria-label", `Remove the fault ${described(fault)}`);
      remove.addEventListener("click", () => change("faults", state.switches.faults.toSpliced(place, 1)));
      return make("li", {}, make("span", { textContent: described(fault) }), remove);
    }),
  );
}

async function showJournal() {
  const journal = await ask("journal");
  const requests = (journal?.requests ?? []).slice(-MOST_SHOWN).reverse();
  at("journal").replaceChildren(
    ...requests.map((entry) => {
      const cell = (textContent, className = "") => make("td", { textContent, className });
      return make(
        "tr",
        { className: entry.status >= 400 ? "failed" : "" },
        cell(new Date(entry.at).toISOString().slice(11, 23)),
        cell(entry.method),
        cell(entry.query ? `${entry.path}?${entry.query}` : entry.path, "target"),
        cell(entry.status, "number"),
        cell(entry.ms.toFixed(2), "number"),
      );
    }),
  );
}

async function refresh() {
  const next = await ask("state");
  if (next) showState(next);
  await showJournal();
}

at("fault").addEventListener("submit", (event) => {
  event.preventDefault();
  const kind = at("kind").value;
  const fault = {
    kind: AMOUNTS[kind]?.[2](at("amount").value) ?? kind,
    path: at("path").value || null,
    probability: Number(at("probability").value),
    count: at("count").value ? Number(at("count").value) : null,
  };
  change("faults", [...state.switches.faults, fault]);
});

at("scenario").addEventListener("submit", async (event) => {
  event.preventDefault();
  const begun = await ask("scenario", { name: at("scenario-name").value });
  if (begun) {
    await refresh();
    say(`Scenario ${begun.name} has begun. ${begun.see}`);
  }
});

at("switches").addEventListener("submit", (event) => event.preventDefault());
at("kind").addEventListener("change", showAmount);
at("revoke").addEventListener("click", async () => {
  const next = await ask("revoke-tokens", {});
  if (next) {
    showState(next);
    say("All tokens are revoked.");
  }
});
at("reset").addEventListener("click", async () => {
  const next = await ask("reset", {});
  if (next) {
    await refresh();
    say("The instance has been reset.");
  }
});

const { scenarios = [] } = (await ask("scenarios")) ?? {};
at("scenario-name").replaceChildren(
  ...scenarios.map(({ name, symptom }) => make("option", { value: name, textContent: symptom })),
);
const showSee = () => {
  at("see").textContent = scenarios.find(({ name }) => name === at("scenario-name").value)?.see ?? "";
};
at("scenario-name").addEventListener("change", showSee);
showSee();
showAmount();
standard = (await ask("standard"))?.switches;
await refresh();

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
