/** What is known of one entry of the log: the waterfall of its call, or the event with its diagnosis. */
import type { Recording } from "../activity/recording";
import { FailureView } from "../failure/view";
import { repeatWords } from "../failure/words";
import { IconButton } from "../kit/button";
import { duration, size } from "../number";
import type { LogRow } from "./log";
import { type Step, type StepKind, type Waterfall, waterfallOf } from "./waterfall";

interface DetailsProps {
  row: LogRow;
  recording: Recording;
  close: () => void;
}

export function Details({ row, recording, close }: DetailsProps) {
  return (
    <aside
      class="traffic-details"
      aria-label="Entry"
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <header>
        <h2>
          <bdi>{row.what}</bdi>
        </h2>
        <IconButton icon="close" label="Close the entry" onClick={close} />
      </header>
      {row.exchange && <Call row={row} recording={recording} />}
      {row.event && <EventFacts row={row} />}
    </aside>
  );
}

function Call({ row, recording }: Pick<DetailsProps, "row" | "recording">) {
  const { sent, received } = row.exchange ?? {};
  if (!sent) return null;
  const { exchanges, events } = recording;
  const own = exchanges.filter((other) =>
    sent.call === null ? other.sent.id === sent.id : other.sent.call === sent.call,
  );
  const waterfall = waterfallOf(own, exchanges, events, Date.now());
  return (
    <>
      {waterfall && <WaterfallView waterfall={waterfall} />}
      <dl class="facts">
        <dt>Sent</dt>
        <dd>{new Date(sent.at).toLocaleString("en-GB")}</dd>
        {received && (
          <>
            <dt>Status</dt>
            <dd>{received.status ?? `none: ${received.error ?? "no reply"}`}</dd>
            <dt>Size</dt>
            <dd>{received.bytes === null ? "not known: the caller read the body" : size(received.bytes)}</dd>
            <dt>Transaction</dt>
            <dd>
              {received.transactionId === null ? (
                "not known: the instance sends no X-Transaction-ID, or its CORS rule does not expose it"
              ) : (
                <code>{received.transactionId}</code>
              )}
            </dd>
          </>
        )}
      </dl>
    </>
  );
}

const STEP_NAMES: Record<StepKind, string> = {
  token: "Waiting for a token",
  queue: "In the queue",
  pause: "Pause before it was repeated",
  reply: "Sent, until the headers came",
  body: "Body",
  open: "Sent, no reply yet",
};

const STEP_COLOURS: Record<StepKind, string> = {
  token: "--chart-4",
  queue: "--chart-3",
  pause: "--chart-3",
  reply: "--chart-1",
  body: "--chart-2",
  open: "--chart-5",
};

function WaterfallView({ waterfall: { steps, totalMs, open } }: { waterfall: Waterfall }) {
  const whole = Math.max(1, totalMs);
  const name = (step: Step) => (step.attempt > 1 ? `${step.attempt}. ${STEP_NAMES[step.kind]}` : STEP_NAMES[step.kind]);
  return (
    <section class="waterfall" aria-label="Waterfall">
      <h3>
        {duration(totalMs)} in all{open && " so far"}
      </h3>
      <ol>
        {steps.map((step) => (
          <li key={`${step.attempt} ${step.kind}`}>
            <span>{name(step)}</span>
            <span class="waterfall-track" aria-hidden="true">
              <i
                style={{
                  left: `${(step.fromMs / whole) * 100}%`,
                  width: `${Math.max(0.5, (step.ms / whole) * 100)}%`,
                  background: `var(${STEP_COLOURS[step.kind]})`,
                }}
              />
            </span>
            <span class="waterfall-ms">
              {duration(step.ms)}
              {step.end && <b> {step.end}</b>}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function EventFacts({ row: { event } }: { row: LogRow }) {
  if (!event) return null;
  const rest = Object.entries(event).filter(([name]) => !["type", "diagnosis", "message"].includes(name));
  const shown = (name: string, value: unknown) =>
    name === "at" || name === "until" ? new Date(Number(value)).toLocaleString("en-GB") : String(value);
  return (
    <>
      {"diagnosis" in event && (
        <FailureView
          heading={event.diagnosis.title ?? event.type}
          failure={{ message: event.message, diagnosis: event.diagnosis, repeat: repeatWords(event.diagnosis.retry) }}
        />
      )}
      <dl class="facts">
        <dt>Event</dt>
        <dd>
          <code>{event.type}</code>
        </dd>
        {rest.map(([name, value]) => (
          <div key={name} class="event-fact">
            <dt>{name}</dt>
            <dd>
              <bdi>{shown(name, value)}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
