/** Opens the query editor: its parts and the module of queries are loaded when it is first asked for. */
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { loadQueries } from "../schema/schemas";
import type { QueryEditorProps } from "./editor";

type Loaded = { QueryEditor: ComponentType<QueryEditorProps>; queries: QueryEditorProps["queries"] };

export function OpenQueryEditor(props: Omit<QueryEditorProps, "queries">) {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    let gone = false;
    Promise.all([import("./editor"), loadQueries()]).then(
      ([{ QueryEditor }, queries]) => {
        if (!gone) setLoaded({ QueryEditor, queries });
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
    };
  }, []);

  if (failed) {
    return (
      <p class="notice error" role="alert">
        The query editor could not be loaded from {location.host}. The query was not changed.{" "}
        <button type="button" onClick={props.onCancel}>
          Close
        </button>
      </p>
    );
  }
  return loaded ? <loaded.QueryEditor {...props} queries={loaded.queries} /> : null;
}
