/** The query as text, as addresses and as code. */
import { computed } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";
import { Button } from "../kit/button";
import { CodeEditor } from "../kit/code-editor";
import { CopyButton } from "../kit/copy-button";
import { queryLine } from "../query-editor/line";
import { CodeView } from "../tester/code-view";
import { environmentScope, type Host } from "../tester/host";
import { Panels } from "../tester/panels";
import { addressesOf, requestOf } from "./addresses";
import { type Marks, markedText, pasteInto } from "./marked-text";
import type { Studio } from "./studio";

export function TextSide({ studio, host }: { studio: Studio; host: Host }) {
  const [panel, setPanel] = useState("text");
  return (
    <section aria-label="Text" class="studio-side studio-text">
      <Panels
        label="Forms of the query"
        chosen={panel}
        onChoose={setPanel}
        panels={[
          { id: "text", label: "Text", content: () => <Line studio={studio} /> },
          { id: "addresses", label: "Addresses", content: () => <Addresses studio={studio} host={host} /> },
          { id: "code", label: "Code", content: () => <Code studio={studio} host={host} /> },
        ]}
      />
    </section>
  );
}

function Line({ studio }: { studio: Studio }) {
  const edited = studio.edited.value;
  const extensions = useMemo(() => {
    const marks = computed<Marks>(() => {
      const { normal, findings } = studio.edited.value;
      return { text: normal.value, places: findings.value };
    });
    const take = (text: string) => {
      const foreign = studio.isForeign(text);
      if (foreign) studio.paste(text);
      return foreign;
    };
    return [queryLine(edited.table, studio.known), markedText(marks), pasteInto(take)];
  }, []);
  const isNormal = edited.text.value === edited.normal.value;

  return (
    <>
      <CodeEditor
        label="Text of the query"
        class="query-line studio-line"
        singleLine
        value={edited.text.value}
        extensions={extensions}
        onChange={edited.editText}
      />
      <div class="studio-foot">
        <p class="hint">
          {isNormal ? (
            "Both sides change together. Ctrl Z in the text undoes changes of both."
          ) : (
            <>
              The text is not in normal form, so nothing is marked in it.{" "}
              <Button kind="link" onClick={() => edited.editText(edited.normal.peek())}>
                Write it in normal form
              </Button>
            </>
          )}
        </p>
        <span>
          <CopyButton short label="Copy the query" text={edited.normal.value} />
        </span>
      </div>
    </>
  );
}

function Addresses({ studio, host }: { studio: Studio; host: Host }) {
  const { table, query } = studio.asked.value;
  const base = host.instance()?.url ?? "";
  // A worker answers for the API alone.
  const pages = host.environment()?.route.way === "worker" ? "" : base;
  return (
    <dl class="studio-addresses">
      {addressesOf({ base, pages }, table, query).map(({ label, text }) => (
        <div key={label}>
          <dt>
            {label} <CopyButton short label={`Copy: ${label}`} text={text} />
          </dt>
          <dd class="mono">{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function Code({ studio, host }: { studio: Studio; host: Host }) {
  const { table, query, fields } = studio.asked.value;
  const request = useMemo(() => requestOf(table, query, fields), [table, query, fields.join()]);
  return (
    <CodeView
      request={request}
      ancestors={[]}
      scopes={environmentScope(host)}
      environment={host.environment()}
      instanceUrl={host.instance()?.url ?? ""}
    />
  );
}
