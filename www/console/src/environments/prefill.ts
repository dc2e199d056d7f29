/** Takes what the page's address prefills: the form of a new environment, or a practice instance to connect to at once. */
import type { Prefill } from "../connection/fragment";
import { practiceCredentials } from "../connection/practice";
import { newEnvironment } from "./environments";
import type { Editor } from "./form/editor";
import { openConnection, type Workspace } from "./workspace";

export async function takePrefill(given: Prefill, workspace: Workspace, editor: Editor): Promise<void> {
  const { environments, connections, vault } = workspace;
  if (Object.values(given).every((value) => value === "")) return;
  if (connections.currentInstance.value === null) {
    editor.begin();
    editor.prefill(given);
  }
  if (given.practice === "") return;
  const present = environments.list.value.find(
    ({ kind, route }) => kind === "practice" && route.way === "direct" && route.instanceUrl === given.practice,
  );
  const credentials = await practiceCredentials(given.practice);
  if (!credentials) {
    // The form stays, with the address filled in; connecting says what is wrong.
    editor.prefill({ ...given, instance: given.practice });
    return;
  }
  const auth = {
    kind: "oauth",
    grant: "client_credentials",
    clientId: credentials.clientId,
    clientSecret: await vault.put(credentials.clientSecret),
  } as const;
  const route = { way: "direct", instanceUrl: given.practice, auth } as const;
  const environment = await environments.save(
    present ? { ...present, route } : newEnvironment({ name: "PRACTICE", kind: "practice", route }),
  );
  await environments.select(environment.id);
  editor.begin(environment);
  await openConnection(workspace, environment.id);
}
