/**
 * Drives the doctor: polls, performs the request that is due, resumes with its id and passes findings on, until nothing is due. An examination
 * that nobody reads makes no request.
 */
import type { Examination, ExamineOptions, Finding, Report } from "sysparm/doctor";
import { requestError } from "../errors/index.js";
import { throwingText } from "../protocol/thrown-text.js";
import { type Ask, perform } from "./host.js";
import { secretsText, splitOptions } from "./options.js";
import { type Doctor, doctors, load } from "./wasm.js";

/** Begins an examination; requests are made while its findings are read. */
export function examine(options: ExamineOptions): Examination {
  const { core, secrets } = splitOptions(options);
  const { fetch: send = (...request: Parameters<typeof fetch>) => fetch(...request), signal, url } = options;
  let report: Report | undefined;
  let failure: { thrown: unknown } | undefined;
  const kept: Finding[] = [];
  const running = probes();

  async function* probes(): AsyncGenerator<Finding, void, undefined> {
    await load();
    const doctor = throwingText(() => new doctors.glue.Doctor(core), requestError);
    try {
      yield* fresh(doctor);
      for (let ask = next(doctor); ask; ask = next(doctor)) {
        signal?.throwIfAborted();
        const mask = (text: string) => doctor.masked(secretsText(secrets), text) ?? text;
        const outcome = await perform(ask, url, secrets, send, signal, mask);
        signal?.throwIfAborted();
        if ("unread" in outcome) {
          const { unread, reason } = outcome;
          throwingText(() => doctor.unread(ask.id, unread, reason, Date.now()), requestError);
        } else doctor.replied(ask.id, outcome.status, outcome.headers, outcome.body, Date.now());
        yield* fresh(doctor);
      }
      yield* fresh(doctor);
      report = { ...JSON.parse(doctor.report()), markdown: doctor.markdown() };
    } finally {
      doctor.free();
    }
  }

  /** Every reader gets all findings; the requests are made once. */
  async function* findings(): AsyncGenerator<Finding, void, undefined> {
    for (let seen = 0; ; seen += 1) {
      while (seen >= kept.length) {
        const { done, value } = await running.next().catch((thrown: unknown) => {
          failure = { thrown };
          throw thrown;
        });
        if (failure) throw failure.thrown;
        if (value) kept.push(value);
        if (done && seen >= kept.length) return;
      }
      const finding = kept[seen];
      if (finding) yield finding;
    }
  }

  return {
    [Symbol.asyncIterator]: findings,
    async report() {
      for await (const _ of findings());
      if (!report)
        throw requestError("doctor.ended", "The examination was ended before its report. Call examine() again.");
      return report;
    },
  };
}

function next(doctor: Doctor): Ask | undefined {
  const ask = doctor.poll(Date.now());
  return ask === undefined ? undefined : JSON.parse(ask);
}

function fresh(doctor: Doctor): Finding[] {
  return JSON.parse(doctor.findings());
}
