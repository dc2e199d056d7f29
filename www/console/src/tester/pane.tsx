/** Sends any request to the instance with the current token, and shows the reply. */
import type { Instance } from "sysparm";
import { Field } from "../controls/field";
import { FailureView } from "../failure/view";
import { jsonProblem } from "./body";
import { type Exchange, METHODS, type Method, takesBody } from "./exchange";
import { PairRows } from "./pairs";
import { ReplyView } from "./reply";

export function TesterPane({ exchange, instance }: { exchange: Exchange; instance: Instance | null }) {
  const state = exchange.state.value;
  const sending = state.phase === "sending";

  function submit(event: Event): void {
    event.preventDefault();
    if (sending) exchange.cancel();
    else if (instance) void exchange.send(instance);
  }

  function press(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!sending && instance) void exchange.send(instance);
  }

  return (
    <>
      <form class="tester" onSubmit={submit} onKeyDown={press}>
        <div class="fields">
          <div class="field method">
            <label for="method">Method</label>
            <select
              id="method"
              value={exchange.method.value}
              onChange={(event) => {
                exchange.method.value = event.currentTarget.value as Method;
              }}
            >
              {METHODS.map((method) => (
                <option key={method}>{method}</option>
              ))}
            </select>
          </div>
          <Field id="path" label="Path" value={exchange.path} required class="wide" />
          <div class="actions">
            <button
              type="submit"
              class={sending ? "" : "primary"}
              disabled={!sending && !instance}
              aria-keyshortcuts="Control+Enter"
            >
              {sending ? "Cancel" : "Send"}
            </button>
          </div>
        </div>
        <PairRows noun="parameter" legend="Query parameters" pairs={exchange.parameters} names={PARAMETER_NAMES} />
        <PairRows noun="header" legend="Headers" pairs={exchange.headers} names={HEADER_NAMES} />
        {takesBody(exchange.method.value) && <BodyField exchange={exchange} />}
        <p class="hint">Ctrl+Enter sends from any field. The token is sent as Authorization; it is not shown.</p>
      </form>
      <div class="outcome">
        <p class="visually-hidden" role="status">
          {sending ? "Sending" : state.phase === "answered" ? `Answered with status ${state.reply.status}` : ""}
        </p>
        {state.phase === "problem" && (
          <p class="notice" role="alert">
            Not sent. {state.problem}
          </p>
        )}
        {state.phase === "cancelled" && (
          <p class="notice" role="alert">
            Cancelled: {state.line}.{" "}
            {state.write && "The request may have reached the instance. Check before you repeat it."}
          </p>
        )}
        {state.phase === "failed" && <FailureView failure={state.failure} heading={`Failed: ${state.line}`} />}
        {state.phase === "failed" && state.reply && <ReplyView reply={state.reply} line={state.line} />}
        {state.phase === "answered" && <ReplyView reply={state.reply} line={state.line} />}
      </div>
    </>
  );
}

function BodyField({ exchange }: { exchange: Exchange }) {
  const problem = jsonProblem(exchange.body.value);
  return (
    <div class="field body">
      <label for="body">Body</label>
      <textarea
        id="body"
        rows={6}
        spellcheck={false}
        aria-describedby="body-hint"
        value={exchange.body.value}
        onInput={(event) => {
          exchange.body.value = event.currentTarget.value;
        }}
      />
      <p class="hint" id="body-hint">
        {problem ? `Not valid JSON: ${problem}` : "Sent unchanged."}
      </p>
    </div>
  );
}

const PARAMETER_NAMES = [
  "sysparm_query",
  "sysparm_fields",
  "sysparm_limit",
  "sysparm_offset",
  "sysparm_display_value",
  "sysparm_exclude_reference_link",
  "sysparm_input_display_value",
  "sysparm_no_count",
  "sysparm_suppress_pagination_header",
  "sysparm_view",
];

const HEADER_NAMES = ["Accept", "Content-Type", "X-no-response-body"];
