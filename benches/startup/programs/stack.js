/** Token and first rows with four libraries that a program would combine: oauth4webapi, p-retry, cockatiel and ky. */
import { ConsecutiveBreaker, circuitBreaker, ExponentialBackoff, handleAll, retry, wrap } from "cockatiel";
import ky from "ky";
import * as oauth from "oauth4webapi";
import pRetry from "p-retry";
import { CLIENT_ID, CLIENT_SECRET, PAGE_SIZE, TABLE } from "./setting.js";

const MARGIN_MS = 30_000;

const client = { client_id: CLIENT_ID };
const authentication = oauth.ClientSecretPost(CLIENT_SECRET);
const overHttp = { [oauth.allowInsecureRequests]: true };

let held;
let renewing;

const usable = () => held !== undefined && held.expiresAt - MARGIN_MS > Date.now();

async function renew(url) {
  const server = { issuer: url, token_endpoint: `${url}/oauth_token.do` };
  const reply = held?.refreshToken
    ? await oauth.refreshTokenGrantRequest(server, client, authentication, held.refreshToken, overHttp)
    : await oauth.clientCredentialsGrantRequest(server, client, authentication, {}, overHttp);
  const granted = held?.refreshToken
    ? await oauth.processRefreshTokenResponse(server, client, reply)
    : await oauth.processClientCredentialsResponse(server, client, reply);
  const expiresAt = Date.now() + granted.expires_in * 1000;
  held = { token: granted.access_token, refreshToken: granted.refresh_token, expiresAt };
}

async function token(url) {
  if (!usable()) {
    renewing ??= pRetry(() => renew(url), { retries: 3 }).finally(() => {
      renewing = undefined;
    });
    await renewing;
  }
  return held.token;
}

const policy = wrap(
  retry(handleAll, { maxAttempts: 3, backoff: new ExponentialBackoff() }),
  circuitBreaker(handleAll, { halfOpenAfter: 10_000, breaker: new ConsecutiveBreaker(5) }),
);

/** The number of rows. */
export async function firstRows(url) {
  const headers = { authorization: `Bearer ${await token(url)}` };
  const options = { headers, searchParams: { sysparm_limit: PAGE_SIZE }, retry: 0 };
  const { result } = await policy.execute(() => ky.get(`${url}/api/now/table/${TABLE}`, options).json());
  return result.length;
}

/** What a worker does before its first request. */
export const prepare = async () => policy;
