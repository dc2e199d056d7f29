/** Opens the views of the console, as its own table has them, so that a view added to it is looked at. */
import type { Page } from "playwright-core";

/** The path is a variable, so that the type check of the tests does not read the console's sources. */
const table = new URL("../../../www/console/src/app/views.ts", import.meta.url).href;
export const { views } = (await import(table)) as { views: readonly { id: string; label: string }[] };

/** What a view shows once it is loaded, where its first element comes before its content. */
const READY: Record<string, string> = {
  tester: "#pane-tester .tester-request [role=tab]",
  guide: "#pane-guide .guide-steps li",
};

/** Shows a view and waits until it has its content. */
export async function openView(page: Page, id: string): Promise<void> {
  const label = views.find((view) => view.id === id)?.label ?? id;
  await page.evaluate((view) => location.assign(`#/${view}`), id);
  await page.locator(`#pane-${id}`).getByRole("heading", { name: label, level: 1 }).waitFor();
  await page
    .locator(READY[id] ?? `#pane-${id} > :not(h1)`)
    .first()
    .waitFor();
  await page.waitForLoadState("networkidle");
}

/**
 * What is wider than its place: page or view scroll sideways, or a button cuts its text off. A part with a scroll bar of its own is none.
 */
export function overflows(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const problems: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) problems.push(`the page is ${scrollWidth} px wide`);
    const view = document.querySelector("main");
    for (const button of view?.querySelectorAll<HTMLElement>(".actions button") ?? []) {
      if (button.checkVisibility() && button.scrollWidth > button.clientWidth) {
        problems.push(`a button cuts off its text: ${button.textContent}`);
      }
    }
    if (!view || view.scrollWidth <= view.clientWidth) return problems;
    const edge = view.getBoundingClientRect().right + 1;
    const widest = [...view.querySelectorAll<HTMLElement>("*")].find(
      (element) => element.checkVisibility() && element.getBoundingClientRect().right > edge,
    );
    problems.push(`the view is ${view.scrollWidth} px wide: ${widest?.outerHTML.slice(0, 150)}`);
    return problems;
  });
}
