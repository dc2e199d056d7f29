/** The body of a request: none, JSON, text, form, multipart or a file. */
import { CodeEditor } from "../kit/code-editor";
import { FileButton } from "../kit/file-button";
import type { Body, Part, SavedRequest } from "../workspace/model";
import { jsonProblem } from "./body";
import type { Exchange } from "./exchange";
import { PairRows } from "./pairs";
import { takesBody } from "./prepare";
import { replaceMarks } from "./variables";

const KINDS: readonly [Body["kind"], string][] = [
  ["none", "None"],
  ["json", "JSON"],
  ["text", "Text"],
  ["form", "Form"],
  ["multipart", "Multipart"],
  ["file", "File"],
];

export function BodyEditor({
  request,
  exchange,
  onChange,
}: {
  request: SavedRequest;
  exchange: Exchange;
  onChange: (body: Body) => void;
}) {
  const { body } = request;
  return (
    <div class="body-editor">
      <fieldset class="choices">
        <legend class="visually-hidden">Kind of body</legend>
        {KINDS.map(([kind, label]) => (
          <label key={kind}>
            <input
              type="radio"
              name={`body-${request.id}`}
              checked={body.kind === kind}
              onChange={() => onChange(converted(body, kind))}
            />{" "}
            {label}
          </label>
        ))}
      </fieldset>
      {!takesBody(request.method) && body.kind !== "none" && (
        <p class="hint">{request.method} sends no body. It is kept, and sent with POST, PUT, PATCH or DELETE.</p>
      )}
      <Content request={request} exchange={exchange} onChange={onChange} />
    </div>
  );
}

function Content({
  request,
  exchange,
  onChange,
}: {
  request: SavedRequest;
  exchange: Exchange;
  onChange: (body: Body) => void;
}) {
  const { body } = request;
  switch (body.kind) {
    case "none":
      return <p class="hint">No body is sent.</p>;
    case "json":
    case "text": {
      const problem = body.kind === "json" ? jsonProblem(replaceMarks(body.text, () => "0")) : "";
      return (
        <>
          {body.kind === "text" && (
            <label class="inline-field">
              Content-Type
              <input
                type="text"
                class="mono"
                value={body.contentType}
                onInput={(event) => onChange({ ...body, contentType: event.currentTarget.value })}
              />
            </label>
          )}
          <CodeEditor
            label="Body of the request"
            language={body.kind}
            value={body.text}
            onChange={(text) => onChange({ ...body, text })}
          />
          <p class="hint">{problem ? `Not valid JSON: ${problem}` : "Sent as written; {{name}} is replaced."}</p>
        </>
      );
    }
    case "form":
      return (
        <PairRows noun="field" pairs={body.fields} names={[]} onChange={(fields) => onChange({ ...body, fields })} />
      );
    case "multipart":
      return (
        <PairRows
          noun="part"
          pairs={body.parts}
          names={[]}
          onChange={(parts) => onChange({ ...body, parts })}
          extra={(part, change) => <PartValue part={part} change={change} exchange={exchange} />}
        />
      );
    case "file":
      return (
        <div>
          <FileButton
            label="Choose the file of the body…"
            onFiles={([file]) => {
              exchange.files.value = new Map([...exchange.files.value, [request.id, file]]);
              onChange({ kind: "file", fileName: file.name, contentType: file.type });
            }}
          />
          <p class="hint">
            {body.fileName && `Chosen: ${body.fileName}. `}
            {body.fileName && !exchange.files.value.has(request.id)
              ? "Its content is not kept across a reload. Choose it again."
              : "Sent as it is."}
          </p>
        </div>
      );
  }
}

function PartValue({
  part,
  change,
  exchange,
}: {
  part: Part;
  change: (part: Partial<Part>) => void;
  exchange: Exchange;
}) {
  return (
    <span class="part-value">
      <input
        type="text"
        class="mono"
        aria-label={`Value of part ${part.name}`}
        value={part.file ? part.file.fileName : part.value}
        readOnly={part.file !== undefined}
        onInput={(event) => change({ value: event.currentTarget.value })}
      />
      <FileButton
        small
        label={`File of ${part.name || "this part"}…`}
        onFiles={([file]) => {
          exchange.files.value = new Map([...exchange.files.value, [part.id, file]]);
          change({ file: { fileName: file.name, contentType: file.type } });
        }}
      />
    </span>
  );
}

/** The text survives a change between JSON and text, the fields one between form and multipart. */
function converted(body: Body, kind: Body["kind"]): Body {
  const text = "text" in body ? body.text : "";
  const pairs = body.kind === "form" ? body.fields : body.kind === "multipart" ? body.parts : [];
  switch (kind) {
    case "none":
      return { kind };
    case "json":
      return { kind, text };
    case "text":
      return { kind, text, contentType: "text/plain" };
    case "form":
      return { kind, fields: [...pairs] };
    case "multipart":
      return { kind, parts: [...pairs] };
    case "file":
      return { kind, fileName: "", contentType: "" };
  }
}
