/** The page: who is connected, then one pane for each thing to do. State is made here and handed down. */
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
  /** Ends what is under way, then disconnects. */
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
      // The form that had focus is gone.
      requestAnimationFrame(() => main.current?.querySelector<HTMLElement>("[role=tab][aria-selected=true]")?.focus());
    } else if (everConnected.value) {
      main.current?.querySelector<HTMLElement>("#connection-heading")?.focus();
    }
  }, [instance, reader, everConnected]);

  return (
    <>
      <header>
        <h1>sysparm console</h1>
        {/* Beside this page and not in its place: the connection and the rows stay. */}
        <a href="symptoms.html" target="_blank" rel="noreferrer">
          Symptoms and cures
        </a>
        <ConnectionBadge phase={phase} leave={leave} />
      </header>
      <main ref={main}>
        {!instance && <ConnectionPane session={session} />}
        {!instance && !everConnected.value && (
          <details class="pane doctor-door">
            <summary>Does it not connect? Let the doctor look.</summary>
            <DoctorPane examiner={examiner} session={session} />
          </details>
        )}
        {(instance || everConnected.value) && (
          <Tabs
            label="What to do"
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
                secretive: true,
              },
            ]}
          />
        )}
      </main>
    </>
  );
}
