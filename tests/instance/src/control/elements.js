// Elements, messages and calls of the control API. Sets every text as text, never as markup.

export const at = (id) => document.getElementById(id);

/** Creates an element with these properties and children. */
export function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** A row of a table: a text, or an element with its class. */
export function makeRow(cells, className = "") {
  const cell = (content) => {
    const [child, kind = ""] = Array.isArray(content) ? content : [content];
    return make("td", { className: kind }, child ?? "");
  };
  return make("tr", { className }, ...cells.map(cell));
}

export function say(text, bad = false) {
  at("message").textContent = text;
  at("message").classList.toggle("bad", bad);
}

/** Calls the control API and shows refusals on the page. */
export async function ask(path, body) {
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  try {
    const reply = await fetch(`/__practice/${path}`, { ...init, headers: { Accept: "application/json" } });
    const answer = await reply.json();
    if (reply.ok) return answer;
    say(answer.error, true);
  } catch {
    say("The practice instance does not answer. Start it again, then reload this page.", true);
  }
  return undefined;
}

/** "token_lifetime" as people read it. */
export const spaced = (name) => name.replaceAll("_", " ");

/** A text of the documentation, with what stands between backticks as code. */
export function documented(text) {
  return (text ?? "").split("`").map((part, place) => (place % 2 ? make("code", { textContent: part }) : part));
}

/** Hides the elements whose text lacks a word of the filter. */
export function filterBy(input, elements) {
  const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const element of elements) {
    const text = element.textContent.toLowerCase();
    element.hidden = !words.every((word) => text.includes(word));
  }
}
