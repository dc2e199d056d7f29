/** Opens the types of a table, and loads their dialog with the first press. */
import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { Instance } from "sysparm";
import { Button } from "../../kit/button";
import type { TypesDialogProps } from "./dialog";

type Loaded = { Dialog: ComponentType<TypesDialogProps>; schemas: typeof import("../page").schemas };

export function TypesButton({ table, instance }: { table: string; instance: Instance | null }) {
  const loaded = useSignal<Loaded | null>(null);
  /** The table whose types are shown; empty while none are. */
  const shown = useSignal("");
  const failed = useSignal(false);

  async function open(): Promise<void> {
    failed.value = false;
    try {
      const [{ TypesDialog }, { schemas }] = await Promise.all([import("./dialog"), import("../page")]);
      loaded.value = { Dialog: TypesDialog, schemas };
      shown.value = table;
    } catch {
      failed.value = true;
    }
  }

  const reason = instance ? (table === "" ? "Name a table first." : undefined) : "Connect the environment first.";
  const { Dialog, schemas } = loaded.value ?? {};
  return (
    <>
      <Button kind="quiet" icon="schema" disabledReason={reason} onClick={() => void open()}>
        Types of this table
      </Button>
      {failed.value && (
        <span class="hint" role="alert">
          The types could not be loaded from {location.host}. Press again.
        </span>
      )}
      {Dialog && schemas && shown.value !== "" && (
        <Dialog
          table={shown.value}
          schema={() => schemas.of(instance, "The environment is not connected.").schema(shown.value)}
          close={() => {
            shown.value = "";
          }}
        />
      )}
    </>
  );
}
