/** Loads a view when it is first opened, and keeps it, hidden, when another one is shown. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ViewEntry, ViewProps } from "./views";

export function ViewHost({ view, shown, ...props }: ViewProps & { view: ViewEntry; shown: boolean }) {
  const [Loaded, setLoaded] = useState<ComponentType<ViewProps> | null>(null);
  const [failed, setFailed] = useState(false);
  const wanted = shown && !Loaded && !failed;

  useEffect(() => {
    if (!wanted) return;
    view.load().then(
      (module) => setLoaded(() => module.View),
      () => setFailed(true),
    );
  }, [wanted, view]);

  return (
    <section class="view" id={`pane-${view.id}`} aria-labelledby={`heading-${view.id}`} hidden={!shown}>
      <h1 class="view-title" id={`heading-${view.id}`} tabIndex={-1}>
        {view.label}
      </h1>
      {failed && (
        <div class="notice error" role="alert">
          This view could not be loaded from {location.host}. Nothing was changed.{" "}
          <button type="button" onClick={() => setFailed(false)}>
            Load it again
          </button>
        </div>
      )}
      {Loaded && (!view.holdsSecrets || shown) && <Loaded {...props} />}
    </section>
  );
}
