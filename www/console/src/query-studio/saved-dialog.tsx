/** The list of saved queries. Removing one is undone here. */
import { go } from "../app/address";
import { askText } from "../kit/ask";
import { Button } from "../kit/button";
import { Dialog } from "../kit/dialog";
import { Empty, Notice } from "../kit/notice";
import type { Studio } from "./studio";

export function SavedDialog({ studio, onClose }: { studio: Studio; onClose: () => void }) {
  const { list, removed, change, remove, putBack } = studio.saved;

  async function rename(id: string, value: string): Promise<void> {
    const name = await askText({ title: "Rename the query", label: "Name", value, yes: "Rename" });
    if (name?.trim()) change(id, { name: name.trim() });
  }

  return (
    <Dialog
      open={true}
      close={onClose}
      title="Saved queries"
      kind="large"
      footer={<Button onClick={onClose}>Close</Button>}
    >
      {removed.value && (
        <Notice
          actions={
            <Button small onClick={putBack}>
              Put it back
            </Button>
          }
        >
          “<bdi>{removed.value.name}</bdi>” was removed.
        </Notice>
      )}
      {list.value.length === 0 && (
        <Empty icon="query" title="No query is saved">
          “Save…” keeps the query that you edit under a name, on this device.
        </Empty>
      )}
      <ul class="studio-saved">
        {list.value.map(({ id, name, table, query }) => (
          <li key={id}>
            <button
              type="button"
              class="link"
              onClick={() => {
                studio.open({ id, table, query });
                go("query", "saved", id);
                onClose();
              }}
            >
              <bdi>{name}</bdi>
            </button>
            <code class="grow">
              {table} {query}
            </code>
            <Button small onClick={() => void rename(id, name)} aria-label={`Rename ${name}`}>
              Rename…
            </Button>
            <Button
              small
              aria-label={`Remove ${name}`}
              onClick={() => {
                if (studio.savedId.value === id) studio.savedId.value = "";
                remove(id);
              }}
            >
              Remove
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
