/** `sysparm classify`: says what replies mean that another program has received. */

import { type Classified, classify, type Observed } from "sysparm";
import { concealed } from "../../shared/concealed.js";
import { type Command, givenText } from "../command.js";
import { jsonText } from "../json-text.js";
import { withoutControls } from "../terminal-text.js";
import { readExchanges } from "./exchanges.js";

/** A reply shows a failure. */
const FOUND = 1;
/** `classify()` looks at no more before the one in question. */
const MOST_EARLIER = 64;

export const classifyCommand: Command = {
  summary:
    "say what is wrong with the replies of a HAR file or of `curl -v`, and how to fix it; exits with 1 if any is",
  example: "curl -v https://dev12345.service-now.com/api/now/table/incident 2>&1 | npx sysparm classify -",
  positionals: [
    { name: "file", isFile: true, description: "a HAR file, or what `curl -v` printed; - reads standard input" },
  ],
  options: {
    release: { value: "name", description: "the instance's release, such as zurich: fixes then use its menu words" },
    all: { description: "show replies without a failure, too" },
    json: { description: "print the diagnoses as JSON" },
  },
  async run(given, world) {
    const exchanges = readExchanges(await world.read(String(given.file)));
    const release = givenText(given, "release");
    const found: { request: string; status: number | null; diagnosis: Classified }[] = [];
    for (const [index, exchange] of exchanges.entries()) {
      world.signal.throwIfAborted();
      world.progress(`${index + 1} of ${exchanges.length} replies`);
      const earlier = exchanges.slice(Math.max(0, index - MOST_EARLIER), index);
      const diagnosis = await classify(exchange, { earlier, release });
      // What an instance writes about an error may repeat what it was sent.
      const evidence = diagnosis.evidence.map(concealed);
      const request = nameOf(exchange);
      found.push({ request, status: exchange.status ?? null, diagnosis: { ...diagnosis, evidence } });
    }
    const wrong = found.filter(({ diagnosis }) => diagnosis.code !== "reply.in-order");
    const shown = given.all ? found : wrong;
    if (given.json) world.print(`${jsonText(shown, 2)}\n`);
    else {
      for (const { request, status, diagnosis } of shown) world.print(described(request, status, diagnosis));
      world.print(`${wrong.length} of ${found.length} replies show a failure.\n`);
    }
    return wrong.length > 0 ? FOUND : 0;
  },
};

/** Method, origin and path: credentials can stand in the other parts of an address. */
function nameOf({ request }: Observed): string {
  const given = request?.url ?? "";
  const base = "https://none.invalid";
  const { origin, pathname } = URL.canParse(given, base) ? new URL(given, base) : { origin: "", pathname: "" };
  const address = origin === base ? pathname : `${origin}${pathname}`;
  return `${request?.method ?? "GET"} ${concealed(address)}`.slice(0, 300);
}

function described(request: string, status: number | null, { title, code, evidence, causes }: Classified): string {
  const seen = evidence.map((text) => `  seen: ${text}\n`).join("");
  const listed = causes.map(({ title, likelihood, fix }, index) => {
    const steps = index === 0 ? fix.map((step) => `      * ${step}\n`).join("") : "";
    return `  ${Math.round(likelihood * 100)} %  ${title}\n${steps}`;
  });
  return withoutControls(`${request} ${status ?? "(no reply)"}: ${title} (${code})\n${seen}${listed.join("")}\n`);
}
