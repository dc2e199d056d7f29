/** Operates the console in Firefox as a person does: finds controls by their names, types with the keyboard. */
import type { FirefoxElement, FirefoxPage } from "../../harness/firefox.ts";
import { CLIENT_ID, CLIENT_SECRET } from "./instance.ts";

const FIELDS = "input, textarea";
const CONTROLS = "a, button, summary, input, select, [role=menuitem], [role=tab], [role=option]";
const WAIT = { timeout: 30_000, polling: 50 };

export class FirefoxScreen {
  readonly page: FirefoxPage;

  constructor(page: FirefoxPage) {
    this.page = page;
  }

  /** Replaces what a field holds. */
  async fill(label: string, text: string): Promise<void> {
    await (await this.#control(label, FIELDS)).focus();
    await this.page.evaluate(() => (document.activeElement as HTMLInputElement).select());
    await this.page.keyboard.press("Backspace");
    await this.page.keyboard.type(text);
  }

  /** Presses what is called so: a button, a link, a tab, an item of a menu, a box to tick. */
  async press(name: string): Promise<void> {
    await (await this.#control(name, CONTROLS)).click();
  }

  async connect(instanceUrl: string, secret = CLIENT_SECRET): Promise<void> {
    await this.fill("Instance address", instanceUrl);
    await this.fill("Client ID", CLIENT_ID);
    await this.fill("Client secret", secret);
    await this.press("Connect");
  }

  /** Waits until a shown element has a text that matches, and gives the text. */
  async sees(selector: string, pattern: string): Promise<string> {
    const found = await this.page.waitForFunction(
      (selector, pattern) =>
        [...document.querySelectorAll<HTMLElement>(selector)]
          .filter((element) => element.checkVisibility())
          .map((element) => element.innerText)
          .find((text) => new RegExp(pattern).test(text)),
      WAIT,
      selector,
      pattern,
    );
    return String(await found.jsonValue());
  }

  async #control(name: string, controls: string): Promise<FirefoxElement> {
    const found = await this.page.waitForFunction(
      (name, controls) => {
        return [...document.querySelectorAll<HTMLElement>(controls)].find((element) => {
          const labels = [...((element as HTMLInputElement).labels ?? [])].map((label) => label.innerText);
          const names = [element.getAttribute("aria-label") ?? "", ...labels, element.innerText];
          return names.some((text) => text.trim() === name) && element.checkVisibility();
        });
      },
      WAIT,
      name,
      controls,
    );
    const element = found.asElement();
    if (!element) throw new Error(`nothing is called ${name}`);
    return element;
  }
}
