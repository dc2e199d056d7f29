/** A reply: status, time, size, headers, body. */
import { useMemo } from "preact/hooks";
import { duration, plural, size } from "../number";
import { present } from "./body";
import type { Reply } from "./exchange";

export function ReplyView({ reply, line }: { reply: Reply; line: string }) {
  const contentType = reply.headers.find(([name]) => name === "content-type")?.[1] ?? "";
  const shown = useMemo(() => present(reply.body, contentType), [reply, contentType]);
  const good = reply.status >= 200 && reply.status < 300;
  return (
    <section class="reply" aria-label="Reply">
      <p class="reply-line">
        <b class={good ? "status good" : "status bad"}>
          {reply.status} {reply.statusText}
        </b>
        <span>
          {duration(reply.headMs)} to the reply, {duration(reply.totalMs)} in all
        </span>
        <span>{size(reply.body.bytes)}</span>
      </p>
      <p class="quiet request-line">
        <code>{line}</code>
      </p>
      <details>
        <summary>{plural(reply.headers.length, "header")}</summary>
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
      </details>
      {shown.note && <p class="notice">{shown.note}</p>}
      {shown.text && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1)
        <section class="reply-body" tabIndex={0} aria-label="Body of the reply">
          <pre>{shown.text}</pre>
        </section>
      )}
    </section>
  );
}
