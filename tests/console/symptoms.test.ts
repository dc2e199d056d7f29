/** The view Symptoms: a pasted reply and a HAR log are diagnosed, and the catalogue is searched. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startInstance } from "./harness/instance.ts";
import { openView } from "./harness/views.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();
const page = (await readFile(
  fileURLToPath(new URL("../../www/console/public/symptoms.html", import.meta.url)),
  "utf8",
)) as string;

after(() => assert.equal(world.visits(), 1, "every case ran to its end"));

test("reply of an instance is diagnosed, and the catalogue is searched", async (t) => {
  const instance = await startInstance("--rows", "10");
  t.after(instance.stop);
  const reply = await fetch(`${instance.url}/api/now/table/incident`, { headers: { authorization: "Bearer pl4nted" } });
  const headers = [...reply.headers].map((header) => header.join(": "));
  const text = [`HTTP/1.1 ${reply.status} ${reply.statusText}`, ...headers, "", await reply.text()].join("\n");
  await world.visit(t, { origins: [], secrets: ["pl4nted"] }, async ({ screen }) => {
    const { page: shown } = screen;
    await openView(shown, "symptoms");
    const form = shown.getByRole("region", { name: "Diagnose a reply" });
    await form.getByLabel("Reply", { exact: true }).fill(text);
    await form.getByLabel("Address that was requested").fill("/api/now/table/incident?token=pl4nted");
    await form.getByRole("button", { name: "Diagnose" }).click();
    const { code } = await screen.failure();
    assert.match(code, /^token\./);
    await screen.accessible("a diagnosed reply", "any");

    const entry = (status: number, body: string) => ({
      request: { method: "GET", url: `${instance.url}/api/now/table/incident`, headers: [] },
      response: { status, headers: [], content: { text: body } },
    });
    const log = { log: { entries: [entry(200, '{"result":[]}'), entry(401, ""), entry(503, "")] } };
    const [chooser] = await Promise.all([
      shown.waitForEvent("filechooser"),
      form.getByRole("button", { name: "Open a HAR log…" }).click(),
    ]);
    await chooser.setFiles({ name: "log.har", mimeType: "application/json", buffer: Buffer.from(JSON.stringify(log)) });
    await shown.getByText(/^\d of 3 replies have a symptom; \d in order\.$/).waitFor();

    const catalogue = shown.getByRole("region", { name: "Catalogue of symptoms" });
    const whole = page.split("<section>").length - 1;
    await catalogue.getByText(`${whole} of ${whole} symptoms`).waitFor();
    await catalogue.getByLabel(/^Search by status/).fill("one session cookie");
    await catalogue.getByText(new RegExp(`^[1-9] of ${whole} symptoms`)).waitFor();
    await catalogue.getByText("Requests of one session wait for each other").click();
    await catalogue.getByText("Leave the cookies out, and the requests run side by side.").waitFor();
    await screen.accessible("a symptom of the catalogue", "any");
  });
});
