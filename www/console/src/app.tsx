/** The page: the connection, then one pane for each task. Receives the state objects and passes them to the panes. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ConnectionBadge } from "./connection/badge";
import { ConnectionPane } from "./connection/pane";
import type { Session } from "./connection/session";
import type { Examiner } from "./doctor/examination";
import { DoctorPane } from "./doctor/pane";
import { RecordsPane } from "./records/pane";
import type { Reader } from "./records/reader";
import { Tabs } from "./tabs";
import type { Exchange } from "./tester/exchange";
import { TesterPane } from "./tester/pane";

export interface ConsoleState {
  session: Session;
  reader: Reader;
  exchange: Exchange;
  examiner: Examiner;
  /** Cancels everything in progress, then disconnects. */
  leave: () => void;
}

export function App({ session, reader, exchange, examiner, leave }: ConsoleState) {
  const phase = session.phase.value;
  const instance = phase.name === "connected" ? phase.instance : null;
  const everConnected = useSignal(false);
  const main = useRef<HTMLElement>(null);

  useEffect(() => {
    if (instance) {
      everConnected.value = true;
      void reader.read(instance);
      // The focused form has been removed.
      requestAnimationFrame(() => main.current?.querySelector<HTMLElement>("[role=tab][aria-selected=true]")?.focus());
    } else if (everConnected.value) {
      main.current?.querySelector<HTMLElement>("#connection-heading")?.focus();
    }
  }, [instance, reader, everConnected]);

  return (
    <>
      <header>
        <h1>sysparm console</h1>
        {/* Opens a new tab: connection and rows of this page stay. */}
        <a href="symptoms.html" target="_blank" rel="noreferrer">
          Symptoms and fixes
        </a>
        <ConnectionBadge phase={phase} leave={leave} />
      </header>
      <main ref={main}>
        {!instance && <ConnectionPane session={session} />}
        {!instance && !everConnected.value && (
          <details class="pane doctor-door">
            <summary>Cannot connect? Run the doctor.</summary>
            <DoctorPane examiner={examiner} session={session} />
          </details>
        )}
        {(instance || everConnected.value) && (
          <Tabs
            label="Tasks"
            tabs={[
              {
                id: "records",
                label: "Records",
                content: <RecordsPane reader={reader} instance={instance} wait={session.wait} />,
              },
              { id: "tester", label: "Tester", content: <TesterPane exchange={exchange} instance={instance} /> },
              {
                id: "doctor",
                label: "Doctor",
                content: <DoctorPane examiner={examiner} session={session} />,
                holdsSecrets: true,
              },
            ]}
          />
        )}
      </main>
    </>
  );
}
