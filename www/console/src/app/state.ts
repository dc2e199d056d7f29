/** The state objects that the frame passes to the views. */
import type { Session } from "../connection/session";
import type { Examiner } from "../doctor/examination";
import type { Reader } from "../records/reader";
import type { Exchange } from "../tester/exchange";

export interface ConsoleState {
  session: Session;
  reader: Reader;
  exchange: Exchange;
  examiner: Examiner;
  /** Cancels everything in progress, then disconnects. */
  leave: () => void;
}
