/** The view Token: the life of the token, its renewals and failures, who shares it, whose it is. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { startInstance } from "./harness/instance.ts";
import { shownText } from "./harness/screen.ts";
import { openView } from "./harness/views.ts";
import { openWorld } from "./harness/world.ts";

const world = openWorld();

after(() => assert.equal(world.visits(), 1, "every case ran to its end"));

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const JWT = `${part({ alg: "RS256", kid: "k1" })}.${part({ sub: "abel.tuter", exp: 4_102_444_800 })}.c2lnbmF0dXJl`;

test("token shows its life, its failures, who shares it and whose it is", async (t) => {
  const instance = await startInstance("--rows", "50");
  t.after(instance.stop);
  await world.visit(t, { origins: [instance.url] }, async ({ screen, origin }) => {
    const { page } = screen;
    await page.getByLabel("Remember on this device").check();
    await screen.connect(instance.url);
    await screen.ended();
    await openView(page, "token");
    const pane = page.locator("#pane-token");
    const life = pane.getByRole("region", { name: "Life of the token" });
    await life.getByRole("img", { name: /^Obtained .+, now .+, renewal between .+, expiry/ }).waitFor();
    const who = pane.getByRole("region", { name: "Who am I" });
    await who.getByText("practice.integration", { exact: true }).waitFor();
    // A token is renewed from its first use on, which is the question for the user.
    await life.getByText("Renews itself in", { exact: true }).waitFor();
    assert.match(await shownText(life), /Expires in\s+29:\d\d\s+Renews itself in\s+2[678]:\d\d/);

    // A second tab with the same client gets the same token.
    const other = await page.context().newPage();
    await other.goto(`${origin}/#/tables`);
    await other.getByRole("button", { name: "Connect", exact: true }).click();
    await other.getByRole("button", { name: "Disconnect" }).waitFor();
    const shared = pane.getByRole("region", { name: "Shared by" });
    await shared.getByText("Another tab of this browser: Tables").waitFor();
    await shared.getByText("the same token", { exact: true }).waitFor();

    await pane.getByRole("button", { name: "Renew now" }).click();
    await pane.getByText(/handed the same token out again/).waitFor();

    await pane.getByRole("button", { name: "Revoke…" }).click();
    await page.getByRole("button", { name: "Revoke the token" }).click();
    await pane.getByText("The token was revoked and forgotten here.").waitFor();
    await pane.getByText("No token", { exact: true }).waitFor();

    await instance.set({ fail_next: { count: 1, status: 503, path: "/oauth_token.do" } });
    await pane.getByRole("button", { name: "Renew now" }).click();
    const renewals = pane.getByRole("region", { name: "Renewals" });
    await renewals.getByText(/^503 from \/oauth_token\.do/).waitFor();
    await renewals.getByRole("button", { name: "Why?" }).click();
    await renewals.getByText("Possible causes, most likely first").waitFor();
    await screen.accessible("a failed renewal", "any");

    await who.getByRole("button", { name: "Read roles, scopes and credentials" }).click();
    await who.getByRole("button", { name: "Read again" }).waitFor();
    assert.match(await shownText(who), /Roles/);
    await pane.getByRole("region", { name: "Credentials" }).getByRole("button", { name: "Decode a JWT…" }).click();
    const dialog = page.getByRole("dialog", { name: "Decode a JWT" });
    await dialog.getByLabel("Token", { exact: true }).fill(JWT);
    assert.match(await shownText(dialog), /abel\.tuter[\s\S]+2100-01-01 00:00:00 UTC/);
    await screen.accessible("a decoded JWT", "any");
    await page.locator('#console[aria-hidden="true"]').waitFor();
    await dialog.getByRole("button", { name: "Close" }).click();
    await page.locator("#jwt-text").waitFor({ state: "detached" });
  });
});
