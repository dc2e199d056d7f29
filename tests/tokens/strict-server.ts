/**
 * An OAuth server and an API, stricter than ServiceNow: only the latest access token works, each refresh token works once, and
 * the token endpoint is slow. So a second renewal fails here at once.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface StrictServer {
  url: string;
  /** Requests to the token endpoint. */
  tokenRequests: number;
  /** Replies 401 of the API. */
  refused: number;
  /** Expires the latest access token; its refresh token stays valid. */
  expire(): void;
  stop(): Promise<void>;
}

const TOKEN_MS = 50;

/** @param rotates whether every grant returns a refresh token, which works once */
export async function strictServer(rotates: boolean, lifetime = 1799): Promise<StrictServer> {
  let issued = 0;
  let access = "";
  let refresh = "";
  const server = createServer((request, response) => {
    const headers = {
      "content-type": "application/json",
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "authorization, content-type, accept",
    };
    const answer = (status: number, body: object) => response.writeHead(status, headers).end(JSON.stringify(body));
    if (request.method === "OPTIONS") return void response.writeHead(204, headers).end();
    if (request.url !== "/oauth_token.do") {
      request.resume();
      if (request.headers.authorization === `Bearer ${access}`) return void answer(200, { result: [] });
      strict.refused += 1;
      return void answer(401, { error: { message: "User Not Authenticated" }, status: "failure" });
    }
    strict.tokenRequests += 1;
    let text = "";
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", () =>
      setTimeout(() => {
        const form = new URLSearchParams(text);
        const refreshing = form.get("grant_type") === "refresh_token";
        if (refreshing && form.get("refresh_token") !== refresh) {
          return answer(401, { error: "server_error", error_description: "access_denied" });
        }
        issued += 1;
        access = `planted-access-${issued}`;
        if (rotates) refresh = `planted-refresh-${issued}`;
        const more = rotates ? { refresh_token: refresh } : {};
        return answer(200, { access_token: access, token_type: "Bearer", expires_in: lifetime, ...more });
      }, TOKEN_MS),
    );
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const strict: StrictServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tokenRequests: 0,
    refused: 0,
    expire: () => {
      access = "nobody has it";
    },
    async stop() {
      const stopped = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await stopped;
    },
  };
  return strict;
}
