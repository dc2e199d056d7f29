/** A part of a view whose code is loaded when it is first shown. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "./button";

export function whenShown<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  let loaded: ComponentType<Props> | null = null;
  return function WhenShown(props: Props) {
    const [, redraw] = useState(0);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      let gone = false;
      if (loaded || failed) return;
      load().then(
        (part) => {
          loaded = part;
          if (!gone) redraw((version) => version + 1);
        },
        () => {
          if (!gone) setFailed(true);
        },
      );
      return () => {
        gone = true;
      };
    }, [failed]);
    if (failed)
      return (
        <p class="notice error" role="alert">
          This part could not be loaded from {location.host}. Nothing was changed.{" "}
          <Button small onClick={() => setFailed(false)}>
            Load it again
          </Button>
        </p>
      );
    const Part = loaded;
    return Part ? <Part {...props} /> : null;
  };
}
