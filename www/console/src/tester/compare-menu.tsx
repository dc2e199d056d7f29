/** Chooses what a reply is compared with. */
import { hostOf } from "../environments/environments";
import { Button } from "../kit/button";
import { Menu, type MenuItem } from "../kit/menu";
import { isWrite } from "../workspace/model";
import type { Ended } from "./exchange";
import type { Tab } from "./tester";
import type { Workbench } from "./workbench";

export function CompareMenu({
  ended,
  tab,
  workbench,
  onCompare,
}: {
  ended: Ended;
  tab: Tab;
  workbench: Workbench;
  onCompare: () => void;
}) {
  const { comparison, exchange } = tab;
  const previous = exchange.previous.value;
  const { method } = ended.request;
  const items: MenuItem[] = workbench.others().flatMap((host): MenuItem[] => {
    const environment = host.environment();
    if (!environment) return [];
    return [
      {
        id: environment.id,
        label: environment.name,
        note: isWrite(method) ? `sends ${method} to ${hostOf(environment)}` : hostOf(environment),
        run: () => {
          void comparison.send(ended, host);
          onCompare();
        },
      },
    ];
  });
  if (previous) {
    items.push({
      id: "previous",
      label: "The reply before this one",
      note: previous.line === ended.line ? previous.where : previous.line,
      run: () => {
        comparison.take(ended, { ...previous, name: "Reply before" });
        onCompare();
      },
    });
  }
  if (items.length === 0) {
    return (
      <Button
        kind="quiet"
        small
        disabledReason="Connect another environment, or send again, to have something to compare."
      >
        Compare with…
      </Button>
    );
  }
  return (
    <Menu label="Compare with…" items={items} class="quiet small">
      Compare with…
    </Menu>
  );
}
