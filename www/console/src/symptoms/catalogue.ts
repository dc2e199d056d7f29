/**
 * The catalogue of symptoms, read from symptoms.html: the page that the crate generates and that the console serves. So there is no second
 * copy, and nothing is loaded before somebody looks into it.
 */
import type { Cause } from "sysparm";
import { loadOnce } from "../background/load-once";
import { hasWords, wordsOf } from "../kit/words";

export interface Symptom {
  title: string;
  code: string;
  kind: string;
  /** Whether and how to repeat. */
  repeat: string;
  causes: Cause[];
  /** Everything that is said of it, in lower case. */
  text: string;
}

const PAGE = "symptoms.html";

/** @throws Error if the page cannot be had */
export const loadCatalogue = loadOnce(async () => {
  const found = symptomsIn(await documentOf(PAGE));
  if (found.length === 0) throw new Error("The catalogue is empty.");
  return found;
});

/** An XMLHttpRequest parses a page by itself; for `DOMParser` the page's policy would need an exception for HTML. */
function documentOf(address: string): Promise<Document> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.onload = () => (request.responseXML ? resolve(request.responseXML) : reject(new Error("no page")));
    request.onerror = () => reject(new Error("no reply"));
    request.send();
  });
}

/** The sections of the page, in its order. */
export function symptomsIn(page: Document): Symptom[] {
  return [...page.querySelectorAll("main > section")].map((section) => {
    const about = section.querySelector("p");
    const [, kind = "", repeat = ""] = /\((\w+)\)\.\s*(.*)$/s.exec(about?.textContent ?? "") ?? [];
    return {
      title: section.querySelector("h3")?.textContent ?? "",
      code: about?.querySelector("code")?.textContent ?? "",
      kind,
      repeat,
      causes: [...section.querySelectorAll("h4")].map(causeIn),
      text: (section.textContent ?? "").toLowerCase(),
    };
  });
}

function causeIn(heading: Element): Cause {
  const percent = heading.querySelector("small")?.textContent ?? "";
  const list = heading.nextElementSibling;
  /** The descriptions after a term, up to the next. */
  const under = (term: string): string[] => {
    const found: string[] = [];
    let current = "";
    for (const element of list?.children ?? []) {
      if (element.tagName === "DT") current = element.textContent ?? "";
      else if (current === term) found.push(element.textContent ?? "");
    }
    return found;
  };
  const title = (heading.textContent ?? "").replace(percent, "").trim();
  return {
    // The page names no codes of causes.
    code: "",
    title,
    likelihood: Number.parseInt(percent, 10) / 100 || 0,
    tellApart: under("How to confirm").join(" "),
    fix: under("Fix"),
    source: under("Source").join(", "),
  };
}

/** Those that hold every word, the code or the title first. */
export function matchingSymptoms(all: readonly Symptom[], typed: string): Symptom[] {
  const words = wordsOf(typed);
  const found = all.filter(({ text }) => hasWords(text, words));
  const isNamed = ({ title, code }: Symptom) => hasWords(`${title} ${code}`, words);
  return [...found.filter(isNamed), ...found.filter((symptom) => !isNamed(symptom))];
}
