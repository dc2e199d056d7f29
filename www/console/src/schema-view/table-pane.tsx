/** One table: what it extends, what it has, and its description to copy. */
import { useSignal } from "@preact/signals";
import "../style/tester.css";
import type { Instance } from "sysparm";
import type { TableSchema } from "sysparm/schema";
import { addressOf } from "../app/address";
import { EnvironmentBadge } from "../environments/badge";
import type { Workspace } from "../environments/workspace";
import { Button } from "../kit/button";
import { count } from "../number";
import { fieldsOf } from "../schema/fields";
import type { Known } from "../schema/known";
import { schemas } from "../schema/page";
import { TypesButton } from "../schema/types/button";
import { type Panel, Panels } from "../tester/panels";
import type { Environment } from "../workspace/model";
import { ChoicesPanel } from "./choices-panel";
import { ComparePanel } from "./compare-panel";
import { CopyDescriptions } from "./copy-descriptions";
import { FieldsPanel } from "./fields-panel";
import { IndexesPanel } from "./indexes-panel";
import { RelationsPanel } from "./relations-panel";
import { isCustom } from "./table-list";

export interface TablePaneProps {
  schema: TableSchema;
  /** What could not be read; empty if nothing. */
  note: string;
  known: Known;
  environment: Environment;
  instance: Instance;
  workspace: Workspace;
}

export function TablePane({ schema, note, known, environment, instance, workspace }: TablePaneProps) {
  const chosen = useSignal("fields");
  const { table, ancestry, indexes } = schema;
  const fields = Object.values(fieldsOf(schema));
  const withChoices = fields.filter(({ choices }) => choices && choices.length > 0).length;
  const panels: Panel[] = [
    { id: "fields", label: "Fields", extra: count(fields.length), content: () => <FieldsPanel schema={schema} /> },
    { id: "choices", label: "Choices", extra: count(withChoices), content: () => <ChoicesPanel schema={schema} /> },
    {
      id: "indexes",
      label: "Indexes",
      ...(indexes && { extra: count(indexes.length) }),
      content: () => <IndexesPanel schema={schema} />,
    },
    {
      id: "relations",
      label: "Relations",
      content: () => <RelationsPanel schema={schema} known={known} instance={instance} />,
    },
    {
      id: "compare",
      label: "Compare",
      content: () => <ComparePanel schema={schema} environment={environment} workspace={workspace} />,
    },
  ];
  return (
    <article class="record" aria-labelledby="schema-heading">
      <header>
        <div class="record-title">
          <EnvironmentBadge environment={environment} />
          <h2 id="schema-heading">
            <bdi>{ancestry[0]?.label ?? table}</bdi> <code>{table}</code>
          </h2>
          {isCustom(table) && <span class="tag">custom</span>}
          <span class="hint">{ancestry[0]?.scope && `Application ${ancestry[0].scope}`}</span>
          <Button
            small
            icon="sync"
            busy={schemas.isRefreshing(instance)}
            onClick={() => void schemas.refresh(instance, table)}
          >
            Read again
          </Button>
        </div>
        <Ancestry schema={schema} />
        {note && <p class="hint">{note}</p>}
        <div class="schema-copies">
          <CopyDescriptions schema={schema} environment={environment} />
          <TypesButton table={table} instance={instance} />
        </div>
      </header>
      <Panels
        label="Parts of the table"
        panels={panels}
        chosen={chosen.value}
        onChoose={(panel) => {
          chosen.value = panel;
        }}
      />
    </article>
  );
}

/** From the root to the table. */
function Ancestry({ schema: { ancestry } }: { schema: TableSchema }) {
  if (ancestry.length < 2) return <p class="hint">Extends no table.</p>;
  return (
    <nav aria-label="Ancestry">
      <ol class="schema-path">
        {[...ancestry].reverse().map(({ name, label }, at) => (
          <li key={name}>
            {at === ancestry.length - 1 ? (
              <code aria-current="page">{name}</code>
            ) : (
              <a href={addressOf("schema", name)} title={label}>
                <code>{name}</code>
              </a>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
