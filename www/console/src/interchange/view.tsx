import "../style/interchange.css";
import { useMemo } from "preact/hooks";
import { go } from "../app/address";
import type { ConsoleState } from "../app/state";
import type { ViewProps } from "../app/views";
import { Panels } from "../tester/panels";
import { createExportState } from "./export-state";
import { ExportPane } from "./export-view";
import { createImportState } from "./import-state";
import { ImportPane } from "./import-view";
import { type CollectionList, createInterchangeStore } from "./interchange-store";

export function View({ state, parts }: ViewProps) {
  const { importing, exporting } = useMemo(() => {
    const exporting = createExportState(createInterchangeStore(state.workspace, libraryList(state)));
    const interchangeStore = createInterchangeStore(state.workspace, libraryList(state, exporting.load));
    return { importing: createImportState(interchangeStore), exporting };
  }, [state]);
  return (
    <div class="interchange">
      <Panels
        label="Import or export"
        chosen={parts[0] ?? "import"}
        onChoose={(id) => go("interchange", id)}
        panels={[
          { id: "import", label: "Import", content: () => <ImportPane state={importing} /> },
          { id: "export", label: "Export", content: () => <ExportPane state={exporting} /> },
        ]}
      />
    </div>
  );
}

/** The collections and the history of the tester, which is loaded with them. */
function libraryList(state: ConsoleState, changed: () => Promise<void> = async () => undefined): CollectionList {
  const library = async () => {
    const { workbenchOf } = await import("../tester/view");
    return workbenchOf(state).library;
  };
  return {
    all: async () => {
      const { collections, load } = await library();
      if (collections.value.length === 0) await load();
      return collections.value;
    },
    history: async () => (await library()).history.value,
    add: async (added) => {
      const { collections, load, set } = await library();
      if (collections.value.length === 0) await load();
      set([...collections.value, ...added]);
      await changed();
    },
  };
}
