/** The instance of the whole server: all requests share its token, its queue and its circuit breaker. Only server code may import this. */
import { connect, type Instance } from "sysparm";

let opened: Promise<Instance> | undefined;

export function serviceNow(): Promise<Instance> {
  const {
    SYSPARM_URL: url = "",
    SYSPARM_CLIENT_ID: clientId = "",
    SYSPARM_CLIENT_SECRET: clientSecret = "",
  } = process.env;
  opened ??= connect({
    url,
    auth: { grant: "client_credentials", clientId, clientSecret },
    // A person waits for the page: fail within seconds, not minutes.
    pace: { attempts: 3, budgetMs: 10_000 },
  });
  return opened;
}
