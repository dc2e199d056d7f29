/** What lies over the page is loaded when it is first opened. */
import type { ComponentType } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { questions } from "../kit/ask";
import { collectEarlyKeys } from "./early-keys";
import { overlay } from "./shortcuts";
import type { ConsoleState } from "./state";

const LOADERS = {
  ask: () => import("../kit/ask-dialog").then(({ AskDialog }) => AskDialog),
  palette: () => import("./palette").then(({ Palette }) => Palette),
  shortcuts: () => import("./shortcut-list").then(({ ShortcutList }) => ShortcutList),
};

export function Overlays({ state }: { state: ConsoleState }) {
  const wanted = questions.value.length > 0 ? "ask" : overlay.value;
  const [loaded, setLoaded] = useState<{ name: string; Shown: ComponentType<{ state: ConsoleState }> } | null>(null);
  useEffect(() => {
    if (!wanted) return;
    LOADERS[wanted]().then(
      (Shown) => setLoaded({ name: wanted, Shown }),
      // Without the network the page stays as it is, and the next press tries again.
      () => {
        overlay.value = null;
        for (const { refuse } of questions.value) refuse();
      },
    );
  }, [wanted]);
  const waits = wanted === "palette" && loaded?.name !== wanted;
  useLayoutEffect(() => {
    if (!waits) return;
    return collectEarlyKeys(() => {
      overlay.value = null;
    });
  }, [waits]);
  return wanted && loaded?.name === wanted ? <loaded.Shown state={state} /> : null;
}
