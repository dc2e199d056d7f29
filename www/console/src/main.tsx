/** Starts the page. It stores its looks and nothing else. Leaving the page drops the token and the secret. */
import "./style/tokens.css";
import "./style/base.css";
import "./style/kit.css";
import "./style/overlay.css";
import "./style/frame.css";
import "./style/panes.css";
import "./style/grid.css";
import "./style/doctor.css";
import { render } from "preact";
import { load } from "sysparm";
import { takeAddress } from "./app/address";
import { Frame } from "./app/frame";
import { applyTheme } from "./app/preferences";
import { readFragment } from "./connection/fragment";
import { createSession } from "./connection/session";
import { createExaminer } from "./doctor/examination";
import { createReader } from "./records/reader";
import { createExchange } from "./tester/exchange";

const session = createSession();
/** The state objects of the panes. */
const tasks = { reader: createReader(), exchange: createExchange(), examiner: createExaminer() };

/** Cancels before it disconnects: a cancelled read ends as cancelled, but closing the instance first would end it as failed. */
function leave(): void {
  for (const task of Object.values(tasks)) task.cancel();
  session.disconnect();
}

function takeFragment(): void {
  if (takeAddress()) return;
  const { prefill, foreign } = readFragment(location.hash);
  session.prefill(prefill);
  if (prefill.practice) void session.openPractice(prefill.practice);
  // Anything else could be a secret, and the browser's history keeps addresses.
  if (foreign) history.replaceState(null, "", location.pathname + location.search);
}

applyTheme();
takeFragment();
addEventListener("hashchange", takeFragment);
addEventListener("pagehide", leave);
// Starts the download early. connect() reports a failure.
load().catch(() => undefined);

const place = document.querySelector("#console");
if (place) render(<Frame state={{ session, ...tasks, leave }} />, place);
