/** Opens the instance that a command works with. */
import { type ConnectOptions, connect, type Instance } from "sysparm";
import { type GivenOptions, Interrupted, type World } from "./command.js";
import { type Connection, connectionOf } from "./connection.js";
import { type ReadOnlyError, readOnlyFetch } from "./read-only.js";

/**
 * Connects with the profile of `--profile` or the environment variables, hands over the instance, and closes it when `work` has ended
 * or Ctrl-C was pressed. Several profiles: `connected({ profile: "dev" }, ...)` for each. Unless the profile says that it may write,
 * another method than GET, HEAD or OPTIONS is refused before it is sent. `more` adds options of `connect()`.
 *
 * @throws UsageError for credentials that are missing or invalid; ReadOnlyError for a write; Interrupted; what `work` throws
 */
export async function connected<Result>(
  given: GivenOptions,
  world: World,
  work: (instance: Instance, connection: Connection) => Promise<Result>,
  more: Partial<ConnectOptions> = {},
): Promise<Result> {
  const connection = await connectionOf(given, world);
  const { url, auth, release, mayWrite } = connection;
  let refusal: ReadOnlyError | undefined;
  const send = mayWrite
    ? more.fetch
    : readOnlyFetch(more.fetch ?? fetch, (error) => {
        refusal = error;
      });
  const instance = await connect({ url, auth, release, ...more, fetch: send });
  const close = () => instance.close();
  world.signal.addEventListener("abort", close);
  // Ctrl-C while the secret was asked for or the client began.
  if (world.signal.aborted) close();
  try {
    return await work(instance, connection);
  } catch (thrown) {
    if (world.signal.aborted) throw new Interrupted();
    throw refusal ?? thrown;
  } finally {
    world.signal.removeEventListener("abort", close);
    close();
  }
}
