/** `sysparm instance`: serves the practice instance of `sysparm/testing` on this machine. */

import { type Command, givenNumber, givenText } from "../command.js";
import { jsonText } from "../json-text.js";
import { columnWidths, inColumns } from "../terminal-text.js";
import { servePractice } from "./server.js";

const MOST_ROWS = 1_000_000;
const MOST_PORT = 65_535;
/** Characters of a cell. */
const WIDEST = 60;

export const instance: Command = {
  summary: "serve a practice instance on 127.0.0.1: generated records, users, OAuth clients and failures",
  example: "npx sysparm instance --port 8787 --rows 1000",
  options: {
    port: { value: "number", description: "the port; a free one by default" },
    rows: { value: "number", description: "generated incidents; 1000 by default" },
    seed: { value: "number", description: "the same seed gives the same rows; 7 by default" },
    release: { value: "name", description: "whose behaviour is shown, from vancouver on; zurich by default" },
    scenario: { value: "name", description: "a failure to begin with; --scenarios lists them" },
    scenarios: { description: "list the scenarios, and serve nothing" },
    json: { description: "print address and accounts as one line of JSON" },
  },
  async run(given, world) {
    const { practiceInstance } = await import("sysparm/testing");
    const port = givenNumber(given, "port", 0, MOST_PORT) ?? 0;
    const practice = await practiceInstance({
      rows: given.scenarios ? 0 : givenNumber(given, "rows", 0, MOST_ROWS),
      seed: givenNumber(given, "seed", 0, Number.MAX_SAFE_INTEGER),
      release: givenText(given, "release"),
      scenario: givenText(given, "scenario"),
    });
    if (given.scenarios) {
      for (const { name, symptom } of practice.scenarios()) world.print(`${name}: ${symptom}\n`);
      return 0;
    }
    const server = await servePractice(practice, port);
    try {
      const { users, clients, keys } = practice.accounts;
      if (given.json) world.print(`${jsonText({ url: server.url, ...practice.accounts })}\n`);
      else {
        const people = users.map(({ user_name, password, roles }) => [user_name, password, roles.join(", ")]);
        const programs = clients.map(({ client_id, client_secret, user_name }) => [
          client_id,
          client_secret,
          user_name,
        ]);
        const tokens = keys.map(({ name, token, user_name }) => [name, token, user_name]);
        world.print(table(["user", "password", "roles"], people));
        world.print(table(["client id", "client secret", "user"], programs));
        if (tokens.length > 0) world.print(table(["API key", "token", "user"], tokens));
        const [client] = clients;
        const variables = [
          ["SYSPARM_URL", server.url],
          ["SYSPARM_CLIENT_ID", client?.client_id],
          ["SYSPARM_CLIENT_SECRET", client?.client_secret],
        ];
        const settings =
          world.platform === "win32"
            ? variables.map(([name, value]) => `$env:${name} = '${value}'`).join("; ")
            : `export ${variables.map((one) => one.join("=")).join(" ")}`;
        world.print(`Use it in another terminal:
  ${settings}
  npx sysparm query run incident 'active=true' --fields number,short_description

${server.url}
`);
      }
      // A server alone keeps the process running.
      await new Promise<void>((end) => {
        if (world.signal.aborted) end();
        world.signal.addEventListener("abort", () => end(), { once: true });
      });
      return 0;
    } finally {
      await server.close();
    }
  },
};

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  return `${inColumns(all, columnWidths(all, WIDEST))}\n`;
}
