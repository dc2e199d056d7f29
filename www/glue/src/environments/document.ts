/** Sections as Markdown, and as one HTML file. Every text is escaped, so that a name in a record is shown and never read. */
import type { RunbookBlock, RunbookSection } from "sysparm/environments";

/** A section without a title stands right below the document's own. */
export function toMarkdown(title: string, sections: readonly RunbookSection[]): string {
  const heading = (text: string) => (text === "" ? [] : [`## ${plain(text)}`]);
  const parts = sections.map((section) => [...heading(section.title), ...section.blocks.map(block)].join("\n\n"));
  return `# ${plain(title)}\n\n${parts.join("\n\n")}\n`;
}

function block(one: RunbookBlock): string {
  switch (one.kind) {
    case "text":
      return plain(one.text);
    case "list":
      return one.items.map((item, place) => `${one.ordered ? `${place + 1}.` : "-"} ${plain(item)}`).join("\n");
    case "table": {
      const line = (cells: readonly string[]) => `| ${cells.map(plain).join(" | ")} |`;
      return [line(one.head), `|${" --- |".repeat(one.head.length)}`, ...one.rows.map(line)].join("\n");
    }
  }
}

/** Texts of records may hold characters that command a terminal, or that turn around what is read. */
export function plainLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, " ");
}

/** A text in one line. A letter that begins something in Markdown only at the start of a line is escaped there. */
function plain(text: string): string {
  const inLine = plainLine(text).replace(/\s+/g, " ").trim();
  return inLine
    .replace(/[\\`*[\]<|~]|(?<!\w)_|_(?!\w)/g, "\\$&")
    .replace(/^[#+>-]/, "\\$&")
    .replace(/^(\d+)(?=[.)](?:\s|$))/, "$1\\")
    .replace(/&(?=#?\w+;)/g, "&amp;");
}

export function toHtml(title: string, sections: readonly RunbookSection[]): string {
  const parts = sections.map(
    ({ title: name, blocks }) => `<section><h2>${safe(name)}</h2>${blocks.map(element).join("")}</section>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${safe(title)}</title><style>${STYLE}</style></head>
<body><h1>${safe(title)}</h1>
${parts.join("\n")}
</body></html>
`;
}

function element(one: RunbookBlock): string {
  switch (one.kind) {
    case "text":
      return `<p>${safe(one.text)}</p>`;
    case "list": {
      const name = one.ordered ? "ol" : "ul";
      return `<${name}>${one.items.map((item) => `<li>${safe(item)}</li>`).join("")}</${name}>`;
    }
    case "table": {
      const cells = (name: "td" | "th", texts: readonly string[]) =>
        texts.map((text) => `<${name}>${safe(text)}</${name}>`).join("");
      const rows = one.rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("");
      return `<table><thead><tr>${cells("th", one.head)}</tr></thead><tbody>${rows}</tbody></table>`;
    }
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function safe(text: string): string {
  return plainLine(text).replace(/[&<>"']/g, (letter) => ESCAPES[letter] ?? letter);
}

const STYLE = `
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h1{font-size:1.6rem;margin:0 0 1rem}h2{font-size:1.15rem;margin:1.8rem 0 .6rem;border-bottom:1px solid #ccc}
table{border-collapse:collapse;width:100%;margin:.6rem 0}
th,td{border:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#f2f2f2}
@media print{body{margin:0;max-width:none;font-size:10.5pt}h2{break-after:avoid}tr,li{break-inside:avoid}thead{display:table-header-group}}
`;
