/** One export: the collection, the format, the files and what they leave out. */
import { computed, signal } from "@preact/signals";
import { authAt, find, scopesAt } from "../collections/tree";
import { saveAs } from "../download";
import type { Collection, Item, SavedRequest } from "../workspace/model";
import type { Language } from "./code/index";
import type { Exported, ExportFacts } from "./export/exported";
import type { InterchangeStore } from "./interchange-store";
import { saveFiles } from "./save-files";

export interface ExportFormat {
  id: string;
  name: string;
  write: (collection: Collection, facts: ExportFacts) => Promise<Exported>;
}

export const EXPORTS: readonly ExportFormat[] = [
  {
    id: "postman",
    name: "Postman 2.1",
    write: async (collection, facts) => (await import("./export/postman")).exportPostman(collection, facts),
  },
  {
    id: "bruno",
    name: "Plain files for git (Bruno)",
    write: async (collection, facts) => (await import("./export/bruno")).exportBruno(collection, facts),
  },
  {
    id: "openapi",
    name: "OpenAPI 3.1",
    write: async (collection, facts) => (await import("./export/openapi")).exportOpenapi(collection, facts),
  },
];

export type ExportState = ReturnType<typeof createExportState>;

export function createExportState(interchangeStore: InterchangeStore) {
  const collections = signal<readonly Collection[]>([]);
  const collectionId = signal("");
  const format = signal("postman");
  const requestId = signal("");
  const language = signal<string>("curl");
  /** Why the last export was not written; empty if it was. */
  const problem = signal("");
  const done = signal<Exported | null>(null);
  /** What was saved last, or tried. */
  const subject = signal<"collection" | "history">("collection");
  const code = signal<{ text: string; needs: string[] } | null>(null);
  const collection = computed(() => collections.value.find(({ id }) => id === collectionId.value));
  const requests = computed(() => (collection.value ? requestsIn(collection.value.items) : []));

  async function load(): Promise<void> {
    collections.value = await interchangeStore.all();
    if (!collection.value) collectionId.value = collections.value[0]?.id ?? "";
    if (!requests.value.some(({ id }) => id === requestId.value)) requestId.value = requests.value[0]?.id ?? "";
  }

  async function save(): Promise<void> {
    const chosen = EXPORTS.find(({ id }) => id === format.value);
    if (!collection.value || !chosen) return;
    const { value } = collection;
    subject.value = "collection";
    await attempt("The files could not be written", async () => {
      const exported = await chosen.write(value, interchangeStore.facts());
      await saveFiles(exported.files);
      return exported;
    });
  }

  async function saveHistory(): Promise<void> {
    subject.value = "history";
    await attempt("The history could not be saved", async () => {
      const entries = await interchangeStore.history();
      const { exportHar } = await import("./export/har");
      const exported = exportHar(entries, interchangeStore.baseOf);
      for (const { path, text } of exported.files) saveAs(path, "application/json", [text]);
      return exported;
    });
  }

  async function attempt(what: string, work: () => Promise<Exported>): Promise<void> {
    done.value = null;
    problem.value = "";
    try {
      done.value = await work();
    } catch (thrown) {
      // Closing the choice of a folder is a decision, not a failure.
      if (thrown instanceof DOMException && thrown.name === "AbortError") return;
      problem.value = `${what}: ${thrown instanceof Error ? thrown.message : thrown}`;
    }
  }

  async function write(): Promise<void> {
    const request = requests.value.find(({ id }) => id === requestId.value) ?? requests.value[0];
    const place = request && find(collections.value, request.id);
    if (!request || !place) return;
    const { codeOf } = await import("./code/index");
    const scopes = scopesAt(place.ancestors).flatMap(({ variables }) => variables);
    const facts = {
      ...interchangeStore.facts(),
      ancestors: authAt(place.ancestors),
      variables: [...(interchangeStore.environment.value?.variables ?? []), ...scopes],
    };
    code.value = codeOf(request, facts, language.value as Language);
  }

  return {
    collections,
    collectionId,
    collection,
    requests,
    requestId,
    format,
    language,
    done,
    subject,
    problem,
    code,
    load,
    save,
    saveHistory,
    write,
  };
}

function requestsIn(items: readonly Item[]): SavedRequest[] {
  return items.flatMap((item) => (item.kind === "folder" ? requestsIn(item.items) : [item]));
}
