/** The query editor: rows, the text, what it says in words, and what is wrong with it. */
import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import type { Query } from "sysparm/query";
import { Button } from "../kit/button";
import { CodeEditor } from "../kit/code-editor";
import { Dialog } from "../kit/dialog";
import { plural } from "../number";
import type { Known } from "../schema/known";
import { Findings } from "./findings";
import { queryLine } from "./line";
import { RowList } from "./row-list";
import { Sentence } from "./sentence";
import { createEditedQuery } from "./state";
import "../style/query-editor.css";
import "../style/suggestions.css";

export interface QueryEditorProps {
  text: string;
  /** Empty where the path names none. */
  table: string;
  known: () => Known;
  queries: typeof Query;
  /** Reads the schema anew; null without a connection. */
  onRefresh: (() => void) | null;
  /** It is being read anew. */
  refreshing: boolean;
  onUse: (text: string) => void;
  /** What was edited before and not used. */
  draft?: string;
  /** By Escape or a press outside. */
  onClose: (text: string) => void;
  onCancel: () => void;
}

export function QueryEditor(props: QueryEditorProps) {
  const { text, table, known, queries, onRefresh, refreshing, onUse, draft, onClose, onCancel } = props;
  const edited = useMemo(() => createEditedQuery(draft ?? text, table, known, queries), []);
  const fromDraft = useSignal(draft !== undefined);
  const line = useMemo(() => queryLine(table, known), []);
  const use = useRef<HTMLButtonElement>(null);
  const reading = table === "" ? null : known().schema(table);
  const read = edited.read.value;
  const errors = edited.findings.value.filter(({ severity }) => severity === "error").length;

  return (
    <Dialog
      open={true}
      close={() => onClose(edited.text.value)}
      title={table === "" ? "Query" : `Query of ${table}`}
      kind="large"
      focus={use}
      footer={
        <>
          <span class="grow hint" role="status">
            {errors > 0 && `${plural(errors, "error")}: the query finds other rows than it says.`}
          </span>
          <Button onClick={onCancel}>Cancel</Button>
          <Button ref={use} kind="primary" onClick={() => onUse(edited.text.value)}>
            Use this query
          </Button>
        </>
      }
    >
      <p class="query-schema hint">
        {table === "" && "The path names no table, so fields and types are not known."}
        {reading?.phase === "reading" && `Reading the fields of ${table}…`}
        {reading?.phase === "failed" && reading.why}
        {reading?.phase === "read" &&
          `Fields of ${table} as of ${new Date(reading.data.readAt).toLocaleTimeString("en-GB")}. ${reading.note}`}{" "}
        {onRefresh && table !== "" && reading?.phase !== "reading" && (
          <Button kind="link" busy={refreshing} onClick={onRefresh}>
            Read them again
          </Button>
        )}
      </p>
      {fromDraft.value && (
        <p class="notice">
          These are your changes that were not used.{" "}
          <button
            type="button"
            onClick={() => {
              edited.editText(text);
              fromDraft.value = false;
            }}
          >
            Begin with the query of the request
          </button>
        </p>
      )}
      {"problem" in read ? (
        <p class="notice" role="alert">
          {read.problem}{" "}
          {read.proposal !== undefined && (
            <button type="button" onClick={() => edited.editText(read.proposal ?? "")}>
              Use the query in it
            </button>
          )}
        </p>
      ) : (
        <RowList edited={edited} known={known()} queries={queries} />
      )}
      <h3>Text</h3>
      <CodeEditor
        label="Text of the query"
        class="query-line"
        singleLine
        value={edited.text.value}
        extensions={line}
        onChange={edited.editText}
      />
      <h3>In words</h3>
      <Sentence edited={edited} />
      <h3>Findings</h3>
      <Findings edited={edited} />
    </Dialog>
  );
}
