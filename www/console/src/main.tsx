/** Starts the page. It remembers nothing: no cookie, no storage, and on leaving the token and the secret are dropped. */
import "./style/base.css";
import "./style/panes.css";
import "./style/grid.css";
import "./style/doctor.css";
import { render } from "preact";
import { load } from "sysparm";
import { App } from "./app";
import { readFragment } from "./connection/fragment";
import { createSession } from "./connection/session";
import { createExaminer } from "./doctor/examination";
import { createReader } from "./records/reader";
import { createExchange } from "./tester/exchange";

const session = createSession();
const reader = createReader();
const exchange = createExchange();
const examiner = createExaminer();

/** In this order: a read that is cancelled ends as cancelled, one whose instance is closed under it ends as failed. */
function leave(): void {
  reader.cancel();
  exchange.cancel();
  examiner.stop();
  session.disconnect();
}

function takeFragment(): void {
  const { prefill, foreign } = readFragment(location.hash);
  session.prefill(prefill);
  // Whatever else is there could be a secret, and an address is kept in the browser's history.
  if (foreign) history.replaceState(null, "", location.pathname + location.search);
}

takeFragment();
addEventListener("hashchange", takeFragment);
addEventListener("pagehide", leave);
// Starts the download early; connect() reports it if it failed.
load().catch(() => undefined);

const place = document.querySelector("#console");
if (place)
  render(<App session={session} reader={reader} exchange={exchange} examiner={examiner} leave={leave} />, place);
