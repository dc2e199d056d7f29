// The schemas of switches and faults in the OpenAPI description, and the fields that follow from them.

import { documented, make, spaced } from "./elements.js";

const { components } = await (await fetch("/__practice/openapi.json")).json();

/** A schema by its name. */
export const schemaOf = (name) => components.schemas[name];

/** What a property refers to, and whether it may be empty. */
function resolved(property) {
  const options = property.anyOf ?? [property];
  const [main] = options.filter(({ type }) => type !== "null");
  return main.$ref ? schemaOf(main.$ref.split("/").pop()) : main;
}

/** The values of an enum with their documentation; undefined for other schemas. */
export function choicesOf(property) {
  const { oneOf, enum: names } = resolved(property);
  if (oneOf?.every((option) => option.const !== undefined)) return oneOf;
  return names?.map((name) => ({ const: name }));
}

/** A field for a property: checkbox, choice or text. `read()` is its value. */
export function fieldFor(id, property, value, label) {
  const choices = choicesOf(property);
  const { type } = resolved(property);
  const kinds = [type].flat();
  const about = make("p", { className: "quiet" }, ...documented(property.description));
  if (kinds.includes("boolean")) {
    const input = make("input", { id, type: "checkbox", checked: value });
    const holder = make("div", {}, make("label", { htmlFor: id }, input, ` ${label}`), about);
    return { holder, input, read: () => input.checked };
  }
  const name = make("label", { htmlFor: id, textContent: label });
  if (choices) {
    const options = choices.map((choice) => make("option", { value: choice.const, textContent: spaced(choice.const) }));
    const input = make("select", { id }, ...options);
    input.value = value;
    const chosen = make("p", { className: "quiet chosen" });
    const explain = () => {
      const choice = choices.find((choice) => choice.const === input.value);
      chosen.replaceChildren(...documented(choice?.description));
    };
    input.addEventListener("change", explain);
    explain();
    return { holder: make("div", {}, name, input, chosen, about), input, read: () => input.value };
  }
  const isText = kinds.includes("string") && typeof value !== "object";
  const shown = value === null || value === undefined ? "" : isText ? value : JSON.stringify(value);
  const input = make("input", { id, value: shown, spellcheck: false });
  return {
    holder: make("div", {}, name, input, about),
    input,
    read: () => (isText ? input.value : typed(input.value)),
  };
}

/** A number or JSON; nothing when it is empty. */
function typed(text) {
  if (text.trim() === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
