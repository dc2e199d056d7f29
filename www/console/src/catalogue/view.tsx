/** The API catalogue: a list on one side, the chosen call on the other. */

import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { addressOf } from "../app/address";
import type { ViewProps } from "../app/views";
import { isLoopback } from "../connection/practice";
import { Button } from "../kit/button";
import { FileButton } from "../kit/file-button";
import { methodClass } from "../kit/method-class";
import { plural } from "../number";
import { openNewRequest } from "../tester/open";
import type { Environment, Method, SavedRequest } from "../workspace/model";
import { CallDetails } from "./call-details";
import { entryOf, requestOf } from "./catalogue";
import { createDescribed, type Described, type DescribedRequest, type DescribedState, opened } from "./described";
import { foundEverywhere, shownOf } from "./found";
import "../style/catalogue.css";
import "../style/collections.css";

export function View({ state, instance, parts }: ViewProps) {
  const typed = useSignal("");
  const described = useMemo(() => createDescribed(() => targetOf(state.workspace.environments.current.value)), [state]);
  const entry = entryOf(parts[0]);
  const { groups, documents, calls: total } = foundEverywhere(typed.value, described.current.value);

  return (
    <div class={entry ? "catalogue chosen" : "catalogue"}>
      <div class="catalogue-list">
        <input
          type="search"
          aria-label="Search the catalogue"
          placeholder="API, path or parameter"
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
        />
        <p class="visually-hidden" role="status">
          {typed.value !== "" && plural(total, "call")}
        </p>
        {groups.map(({ api, calls }) => (
          <section key={api.name}>
            <h2>{api.name}</h2>
            <ul>
              {calls.map((call) => (
                <li key={call.id}>
                  <a
                    href={addressOf("catalogue", call.id)}
                    class="catalogue-call"
                    aria-current={entry?.id === call.id ? "true" : undefined}
                  >
                    <CallLine method={call.method} path={call.path} summary={call.summary} />
                  </a>
                </li>
              ))}
            </ul>
          </section>
        ))}
        {documents.map(({ one, requests }) => (
          <DescribedList
            key={one.title}
            described={one}
            requests={requests}
            onOpen={(given) => openNewRequest(state, given)}
          />
        ))}
        {total === 0 && <p class="hint">Nothing in the catalogue has these words.</p>}
        <OwnDescription described={described} practice={instance && isLoopback(instance.url) ? instance.url : ""} />
      </div>
      <div class="catalogue-details">
        {entry ? (
          <CallDetails entry={entry} onOpen={() => openNewRequest(state, requestOf(entry))} />
        ) : (
          <p class="hint">
            Choose a call to see its parameters, what it needs and where that is documented. It opens in the tester with
            all of them.
          </p>
        )}
      </div>
    </div>
  );
}

function CallLine({ method, path, summary }: { method: Method; path: string; summary: string }) {
  return (
    <>
      <span class={`m ${methodClass(method)}`}>{method}</span>
      <span class="grow">
        <span class="catalogue-summary" dir="auto">
          {summary}
        </span>
        <span class="catalogue-path mono">{path}</span>
      </span>
    </>
  );
}

function DescribedList({
  described: { title, losses },
  requests,
  onOpen,
}: {
  described: Described;
  requests: readonly DescribedRequest[];
  onOpen: (request: SavedRequest) => void;
}) {
  const { shown, note } = shownOf(requests);
  return (
    <section>
      <h2 dir="auto">{title}</h2>
      <p class="hint">
        As the instance describes itself.
        {losses.length > 0 &&
          ` ${plural(losses.length, "part")} of the file could not be taken over. Read it under Import and export to see which.`}
      </p>
      <ul>
        {shown.map(({ group, request }) => (
          <li key={request.id}>
            <button
              type="button"
              class="catalogue-call plain"
              title="Open in the tester"
              onClick={() => onOpen(opened(request))}
            >
              <CallLine
                method={request.method}
                path={request.address}
                summary={group === "" ? request.name : `${group}: ${request.name}`}
              />
            </button>
          </li>
        ))}
      </ul>
      {note !== "" && <p class="hint">{note}</p>}
    </section>
  );
}

function targetOf(environment: Environment | undefined): string {
  const { route } = environment ?? {};
  return environment && route
    ? `${environment.id} ${route.way === "direct" ? route.instanceUrl : route.workerUrl}`
    : "";
}

/** `practice` is the address of a practice instance; empty for any other. */
function OwnDescription({ described, practice }: { described: DescribedState; practice: string }) {
  return (
    <section class="catalogue-own">
      <h2>APIs of this instance</h2>
      <p class="hint">
        Scripted REST APIs are not listed above. On the instance open System Web Services › REST › REST API Explorer,
        choose the API, then Export OpenAPI Specification, and open the file here. It needs the role web_service_admin,
        rest_api_explorer or admin.
      </p>
      <div class="actions">
        <FileButton
          label="Open an exported file…"
          accept=".json,.yaml,.yml"
          busy={described.busy.value}
          onFiles={([file]) => void described.addFile(file)}
        />
        {described.busy.value && <Button onClick={described.cancel}>Cancel</Button>}
        {practice !== "" && (
          <Button busy={described.busy.value} onClick={() => void described.addPractice(practice)}>
            Read that of the practice instance
          </Button>
        )}
      </div>
      {described.problem.value !== "" && (
        <p class="notice" role="alert">
          Not read. {described.problem.value}
        </p>
      )}
    </section>
  );
}
