/** Which environment this tab of the browser was sent to the sign-in page for. Other tabs may have sign-ins of their own. */
import type { Connections } from "./connections";
import type { Environments } from "./environments";

type Session = Pick<Storage, "getItem" | "setItem" | "removeItem">;

/** Stands next to what the package keeps of the sign-in. */
const MEMBER = "sysparm-console-sign-in";

export function noteSignIn(session: Session | undefined, environmentId: string): void {
  session?.setItem(MEMBER, environmentId);
}

/** Ends the sign-in whose return is `url`, in the environment for which it was begun, which is then the one in use. */
export async function endSignIn(
  { environments, connections }: { environments: Environments; connections: Pick<Connections, "finishSignIn"> },
  session: Session | undefined,
  url: string,
): Promise<void> {
  const id = session?.getItem(MEMBER) ?? "";
  session?.removeItem(MEMBER);
  if (id === "") environments.notice.value = UNKNOWN;
  else if (!environments.find(id)) environments.notice.value = REMOVED;
  else {
    await environments.select(id);
    await connections.finishSignIn(id, url);
  }
}

const UNKNOWN = "This tab began no sign-in, so the return of one was not used. Connect again.";
const REMOVED = "The environment of this sign-in was removed. Choose another one, or add it again.";
