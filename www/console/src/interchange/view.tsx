import "../style/interchange.css";
import { useMemo } from "preact/hooks";
import type { ViewProps } from "../app/views";
import { createExportState } from "./export-state";
import { ExportPane } from "./export-view";
import { createImportState } from "./import-state";
import { ImportPane } from "./import-view";
import { createShelf } from "./shelf";

export function View({ state }: ViewProps) {
  const { workspace } = state;
  const { importing, exporting } = useMemo(() => {
    const { store } = workspace;
    const shelf = createShelf(workspace, {
      all: () => store.all("collections"),
      add: async (collections) => {
        for (const collection of collections) await store.put("collections", collection);
        await exporting.load();
      },
    });
    const exporting = createExportState(shelf);
    return { importing: createImportState(shelf), exporting };
  }, [workspace]);
  return (
    <div class="interchange">
      <ImportPane state={importing} />
      <ExportPane state={exporting} />
    </div>
  );
}
