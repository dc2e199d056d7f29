/** Shows the progress and the result of a read. Announces them to assistive technology from time to time, not with every page. */
import type { Signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Wait, waitWords } from "../connection/wait";
import { duration } from "../number";
import type { Reader } from "./reader";
import { endingWords, progressShare, progressWords } from "./words";

export function ReadProgress({ reader, wait }: { reader: Reader; wait: Signal<Wait | null> }) {
  const state = reader.state.value;
  if (state.phase === "idle") return null;
  const share = progressShare(state.progress);
  const reading = state.phase === "reading";
  const words = reading
    ? progressWords(state.progress)
    : endingWords(state.progress, state.ending, state.request.query);
  const kind = reading ? "reading" : state.ending.how;
  return (
    <div class={`progress ${kind}${!reading && state.progress.seen === 0 ? " none" : ""}`}>
      {reading && <progress aria-label="Progress" {...(share === null ? {} : { value: share, max: 1 })} />}
      <p class="progress-words" data-phase={state.phase} data-ending={kind}>
        {words}
        {!reading && <span class="quiet"> {duration(state.tookMs)}</span>}
      </p>
      <Announcement words={words} urgent={!reading} />
      {state.progress.caveat && <p class="notice">{state.progress.caveat}</p>}
      {reading && wait.value && <Waiting wait={wait.value} />}
    </div>
  );
}

/** Counts down. Shows nothing after the wait. */
function Waiting({ wait }: { wait: Wait }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  const words = waitWords(wait, now);
  return words && <p class="notice">{words}</p>;
}

/** A live region: at most one message in three seconds while reading, and the result at once. */
function Announcement({ words, urgent }: { words: string; urgent: boolean }) {
  const [said, say] = useState(words);
  const saidAt = useRef(0);
  useEffect(() => {
    const speak = () => {
      saidAt.current = performance.now();
      say(words);
    };
    const wait = urgent ? 0 : Math.max(0, saidAt.current + ANNOUNCED_EVERY_MS - performance.now());
    const timer = setTimeout(speak, wait);
    return () => clearTimeout(timer);
  }, [words, urgent]);
  return (
    <p class="visually-hidden" role="status">
      {said}
    </p>
  );
}

const ANNOUNCED_EVERY_MS = 3_000;
