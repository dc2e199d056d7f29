/** A reply or a failure: the line with status, time and size, then diagnosis, body, rows, headers and timing in tabs. */
import { useMemo } from "preact/hooks";
import { FailureView } from "../failure/view";
import { count, duration, plural, size } from "../number";
import type { SavedRequest } from "../workspace/model";
import { parseBody } from "./assertions";
import { blockedBy } from "./blocked";
import { BlockedNotice, OtherEnvironmentNotice, type WorkerOffer } from "./blocked-notice";
import { isFormattable } from "./body";
import { BodyView } from "./body-view";
import { CompareMenu } from "./compare-menu";
import { ComparisonView } from "./comparison-view";
import { answerOf, type Ended, type Reply } from "./exchange";
import { type Panel, Panels } from "./panels";
import { pageLinks, rateLimit, rowsOf, totalCount } from "./reply-facts";
import { TableView } from "./table-view";
import type { Tab } from "./tester";
import type { Workbench } from "./workbench";

export function ReplyView({
  ended,
  tab,
  workbench,
  offer,
  onPage,
  onDoctor,
}: {
  ended: Ended;
  tab: Tab;
  workbench: Workbench;
  offer: WorkerOffer;
  /** Opens a page of the Link header. */
  onPage: (address: string) => void;
  onDoctor: (request: SavedRequest) => void;
}) {
  const { reply, failure, verdicts, line } = ended;
  const { panel: chosen, scrolls } = tab.places.placeOf(ended);
  const value = useMemo(() => {
    const parsed = reply && isFormattable(reply.body) ? parseBody(answerOf(reply).text) : null;
    return parsed && "value" in parsed ? parsed.value : undefined;
  }, [reply]);
  const rows = useMemo(() => rowsOf(value), [value]);
  const passed = verdicts.filter((verdict) => verdict.passed).length;

  const comparison = tab.comparison.state.value;
  const compared = comparison.phase !== "none" && comparison.of === ended;
  const panels: Panel[] = [];
  if (failure) {
    const blocked = blockedBy(failure);
    const environment = workbench.host.environment();
    const isInUse = (environment?.id ?? "") === ended.environmentId;
    panels.push({
      id: "diagnosis",
      label: "Diagnosis",
      content: () => (
        <div class="diagnosis">
          <h2 class="visually-hidden">Diagnosis</h2>
          {isInUse ? (
            <>
              {blocked && (
                <BlockedNotice blocked={blocked} request={ended.request} environment={environment} offer={offer} />
              )}
              <p>
                <button type="button" onClick={() => onDoctor(ended.request)}>
                  Run the doctor on this
                </button>
              </p>
            </>
          ) : (
            <OtherEnvironmentNotice id={ended.environmentId} name={ended.where} offer={offer} />
          )}
          <FailureView failure={failure} heading={`Failed: ${line}`} />
        </div>
      ),
    });
  }
  if (reply) {
    panels.push({
      id: "pretty",
      label: "Pretty",
      content: () => <BodyView body={reply.body} pretty scrolls={scrolls} />,
    });
    if (rows) {
      panels.push({
        id: "table",
        label: "Table",
        extra: count(rows.length),
        content: () => <TableView rows={rows} scrolls={scrolls} />,
      });
    }
    panels.push(
      { id: "raw", label: "Raw", content: () => <BodyView body={reply.body} pretty={false} scrolls={scrolls} /> },
      {
        id: "reply-headers",
        label: "Headers",
        extra: String(reply.headers.length),
        content: () => <HeadersView reply={reply} />,
      },
    );
    if (verdicts.length > 0) {
      panels.push({
        id: "verdicts",
        label: "Assertions",
        extra: `${passed} of ${verdicts.length}`,
        content: () => (
          <ul class="verdicts">
            {verdicts.map((verdict) => (
              <li key={verdict.id} class={verdict.passed ? "state good" : "state bad"}>
                {verdict.passed ? "✓" : "✗"} {verdict.says}
                {verdict.why && `. ${verdict.why}`}
              </li>
            ))}
          </ul>
        ),
      });
    }
    panels.push({
      id: "timing",
      label: "Timing and pages",
      content: () => <FactsView reply={reply} onPage={onPage} />,
    });
  }

  if (compared) {
    panels.push({
      id: "comparison",
      label: "Comparison",
      content: () => <ComparisonView state={comparison} cancel={tab.comparison.cancel} />,
    });
  }

  return (
    <section class="reply" aria-label="Reply">
      <div class="reply-line">
        {reply ? (
          <>
            <b class={failure ? "status bad" : "status good"}>
              {reply.status} {reply.statusText}
            </b>
            <span>
              {duration(reply.headMs)} to the reply, {duration(reply.totalMs)} in all
            </span>
            <span>{size(reply.body.bytes)}</span>
            {rows && <span>{rowWords(rows.length, totalCount(reply.headers))}</span>}
          </>
        ) : (
          <b class="status bad">No reply</b>
        )}
        {verdicts.length > 0 && (
          <span class={passed === verdicts.length ? "state good" : "state bad"}>
            {passed} of {plural(verdicts.length, "assertion")} passed
          </span>
        )}
        <code class="request-line">{line}</code>
        {ended.where && <span class="quiet">on {ended.where}</span>}
      </div>
      <Panels
        label="Parts of the reply"
        panels={panels}
        chosen={chosen.value}
        onChoose={(id) => {
          chosen.value = id;
        }}
      >
        <CompareMenu
          ended={ended}
          tab={tab}
          workbench={workbench}
          onCompare={() => {
            chosen.value = "comparison";
          }}
        />
      </Panels>
    </section>
  );
}

function rowWords(shown: number, total: number | null): string {
  return total === null ? plural(shown, "row") : `${count(shown)} of ${plural(total, "row")}`;
}

function HeadersView({ reply }: { reply: Reply }) {
  return (
    <div class="facts-scroll">
      <dl class="facts headers">
        {reply.headers.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">
        A browser shows a page only the headers that the CORS rule exposes (Access-Control-Expose-Headers).
      </p>
    </div>
  );
}

function FactsView({ reply, onPage }: { reply: Reply; onPage: (address: string) => void }) {
  const links = pageLinks(reply.headers);
  const rate = rateLimit(reply.headers);
  const total = totalCount(reply.headers);
  const bodyMs = reply.totalMs - reply.headMs;
  return (
    <div class="facts-scroll reply-facts">
      <section>
        <h2>Timing</h2>
        <Bar label="Until the reply began" from={0} part={reply.headMs / reply.totalMs} text={duration(reply.headMs)} />
        <Bar
          label="Body arrived"
          from={reply.headMs / reply.totalMs}
          part={bodyMs / reply.totalMs}
          text={duration(bodyMs)}
        />
      </section>
      <section>
        <h2>Pages</h2>
        {total !== null && <p>X-Total-Count: {count(total)}</p>}
        {links.map(({ label, address }) => (
          <button type="button" key={label} onClick={() => onPage(address)}>
            {label}
          </button>
        ))}
        <p class="hint">
          {links.length > 0 ? "From the Link header." : "The reply has no Link header that the browser shows."}
        </p>
      </section>
      <section>
        <h2>Rate limit</h2>
        {rate ? (
          <>
            <meter
              min={0}
              max={rate.limit}
              value={rate.limit - (rate.remaining ?? rate.limit)}
              aria-label="Requests used"
            />
            <p>
              {rate.remaining === null
                ? `${count(rate.limit)} requests per hour`
                : `${count(rate.limit - rate.remaining)} of ${count(rate.limit)} used`}
              {rate.rule && ` by rule “${rate.rule}”`}
              {rate.resetsAt !== null && `, resets ${new Date(rate.resetsAt).toLocaleTimeString("en-GB")}`}.
            </p>
          </>
        ) : (
          <p class="hint">No rate limit rule holds here, or its headers are not exposed to the browser.</p>
        )}
      </section>
    </div>
  );
}

function Bar({ label, from, part, text }: { label: string; from: number; part: number; text: string }) {
  return (
    <div class="timing">
      <span>{label}</span>
      <span class="track">
        <i style={{ marginInlineStart: `${Math.max(0, from) * 100}%`, width: `${Math.max(0, part) * 100}%` }} />
      </span>
      <span class="num">{text}</span>
    </div>
  );
}
