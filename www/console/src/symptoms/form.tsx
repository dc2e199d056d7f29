/** A reply to be diagnosed: pasted, or from a HAR log that is opened or dropped. It stays in the page, and is gone when the view is left. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Button } from "../kit/button";
import { FileButton } from "../kit/file-button";
import { METHODS } from "../workspace/model";
import type { Examination } from "./examined";

export function PastedForm({ examined, release }: { examined: Examination; release: string }) {
  const reply = useRef<HTMLTextAreaElement>(null);
  const status = useSignal("");
  const method = useSignal<string>("GET");
  const url = useSignal("");
  const isOver = useSignal(false);
  const isBusy = examined.state.value.name === "examining";

  function submit(event: Event): void {
    event.preventDefault();
    if (isBusy) examined.clear();
    else {
      const request = { method: method.value, url: url.value };
      void examined.examinePasted(reply.current?.value ?? "", status.value, request, release);
    }
  }

  return (
    <section
      class="symptoms-paste"
      aria-label="Diagnose a reply"
      data-over={isOver.value}
      onDragOver={(event) => {
        event.preventDefault();
        isOver.value = true;
      }}
      onDragLeave={() => {
        isOver.value = false;
      }}
      onDrop={(event) => {
        event.preventDefault();
        isOver.value = false;
        const file = event.dataTransfer?.files[0];
        if (file) void examined.examineHar(file, release);
      }}
    >
      <form class="pane" onSubmit={submit}>
        <h2>Diagnose a reply</h2>
        <div class="field">
          <label for="symptoms-reply">Reply</label>
          <textarea
            id="symptoms-reply"
            ref={reply}
            rows={7}
            class="mono"
            autocomplete="off"
            spellcheck={false}
            aria-describedby="symptoms-hint"
          />
          <p class="hint" id="symptoms-hint">
            Status, headers and body, as curl -i prints them, or the body alone. Or drop a HAR log here. It stays in
            this page: nothing is sent, and secrets are left out of the diagnosis.
          </p>
        </div>
        <div class="fields">
          <div class="field short">
            <label for="symptoms-status">Status</label>
            <input
              id="symptoms-status"
              type="text"
              inputMode="numeric"
              autocomplete="off"
              value={status.value}
              onInput={(event) => {
                status.value = event.currentTarget.value;
              }}
            />
          </div>
          <div class="field method">
            <label for="symptoms-method">Method</label>
            <select
              id="symptoms-method"
              value={method.value}
              onChange={(event) => {
                method.value = event.currentTarget.value;
              }}
            >
              {METHODS.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </div>
          <div class="field wide">
            <label for="symptoms-url">Address that was requested</label>
            <input
              id="symptoms-url"
              type="text"
              autocomplete="off"
              spellcheck={false}
              placeholder="/api/now/table/incident?sysparm_limit=1"
              value={url.value}
              onInput={(event) => {
                url.value = event.currentTarget.value;
              }}
            />
          </div>
        </div>
        <div class="actions">
          <Button type="submit" kind={isBusy ? "plain" : "primary"}>
            {isBusy ? "Stop" : "Diagnose"}
          </Button>
          <FileButton
            label="Open a HAR log…"
            accept=".har,.json"
            onFiles={([file]) => void examined.examineHar(file, release)}
          />
          <Button
            onClick={() => {
              if (reply.current) reply.current.value = "";
              status.value = "";
              url.value = "";
              examined.clear();
            }}
          >
            Clear
          </Button>
        </div>
      </form>
    </section>
  );
}
