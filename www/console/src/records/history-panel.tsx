/** The changes of a record as its audit has them, and the requests that may have made each. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ChangedFields } from "../environments/changed-fields";
import { type Failure, failureOf } from "../failure/failure";
import { FailureView } from "../failure/view";
import { Button } from "../kit/button";
import { Empty } from "../kit/notice";
import { plural } from "../number";
import { type History, readHistory, type Update } from "./history";
import type { OpenRecord, Place } from "./record";
import { type FoundRequests, findRequests, isRead, type LoggedRequest, MOST_REQUESTS } from "./requests";

export function HistoryPanel({ record }: { record: OpenRecord }) {
  const read = useSignal<History | Failure | null>(null);
  const row = record.row.value;
  const { instance, table, id } = record.place;

  useEffect(() => {
    if (!row) return;
    const abort = new AbortController();
    readHistory(instance, { table, id }, record.facts.peek(), abort.signal).then(
      (found) => {
        read.value = found;
      },
      (thrown) => {
        if (!abort.signal.aborted) read.value = failureOf(thrown);
      },
    );
    return () => abort.abort();
  }, [instance, table, id, row, record, read]);

  const found = read.value;
  if (found === null)
    return (
      <p class="hint" role="status">
        Reading the history.
      </p>
    );
  if ("message" in found) return <FailureView failure={found} heading="The history could not be read" />;
  return (
    <div class="record-history">
      <p class="hint">
        From {found.source}, values as stored, times in UTC. {found.notes.join(" ")}
      </p>
      {found.updates.length === 0 && (
        <Empty icon="history" title="No change is recorded">
          {found.audited === false
            ? `The dictionary says that ${table} is not audited.`
            : "Nothing was changed since the table is audited, or this user may not read it."}
        </Empty>
      )}
      <ol class="record-list">
        {found.updates.map((update) => (
          <UpdateItem key={update.key} update={update} place={record.place} />
        ))}
      </ol>
    </div>
  );
}

function UpdateItem({ update, place }: { update: Update; place: Place }) {
  const { at, user, version, changes } = update;
  const read = useSignal<FoundRequests | Failure | "reading" | null>(null);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  async function find(): Promise<void> {
    abort.current = new AbortController();
    const { signal } = abort.current;
    read.value = "reading";
    try {
      read.value = await findRequests(place.instance, place.id, update, signal);
    } catch (thrown) {
      read.value = signal.aborted ? null : failureOf(thrown);
    }
  }

  const found = read.value;
  return (
    <li>
      <div class="record-facts">
        <bdi class="record-label">{user}</bdi>
        <span>{at}</span>
        {version && <span class="quiet">version {version}</span>}
        <Button small icon="search" busy={found === "reading"} onClick={() => void find()}>
          Find the request
        </Button>
        {found === "reading" && (
          <Button small onClick={() => abort.current?.abort()}>
            Cancel
          </Button>
        )}
      </div>
      <ChangedFields changes={changes} />
      {found !== null &&
        found !== "reading" &&
        ("message" in found ? (
          <FailureView failure={found} heading="The log of transactions could not be read" />
        ) : (
          <RequestList found={found} />
        ))}
    </li>
  );
}

function RequestList({ found: { requests, hidden, isCut } }: { found: FoundRequests }) {
  if (requests.length === 0)
    return (
      <p class="hint">
        syslog_transaction has no request of this user or to this record at that time
        {hidden > 0
          ? `; access rules hide ${hidden}`
          : ": a job of the instance may have changed it, or the log was trimmed"}
        .
      </p>
    );
  const reads = requests.filter(isRead);
  return (
    <>
      <p class="hint">
        Requests of that minute, likeliest first. The log does not say which records a request changed
        {requests.every(({ method }) => method === "") && ", nor its method: reads are among these"}.
        {isCut && ` Only the first ${MOST_REQUESTS} of that minute were read: others may have made the change.`}
      </p>
      <LoggedRequests requests={requests.filter((request) => !isRead(request))} />
      {reads.length > 0 && (
        <details>
          <summary class="hint">{plural(reads.length, "request")} that only read</summary>
          <LoggedRequests requests={reads} />
        </details>
      )}
    </>
  );
}

function LoggedRequests({ requests }: { requests: readonly LoggedRequest[] }) {
  return (
    <ul class="record-requests">
      {requests.map(({ id, at, user, url, method, status, address, agent, namesRecord }) => (
        <li key={id}>
          <span class={namesRecord ? "tag info" : "tag"}>{namesRecord ? "names this record" : "same user"}</span>{" "}
          <code>
            {method} {url}
          </code>
          <small class="record-agent">
            {[at, user, status && `status ${status}`, address, agent].filter(Boolean).join(" · ")}
          </small>
        </li>
      ))}
    </ul>
  );
}
