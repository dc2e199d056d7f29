/** Describes the connection and the state of its token. */
import type { Status } from "sysparm";

export type Route = "direct" | "worker";

export function routeWords(route: Route, tenant: string): string {
  if (route === "direct") return "direct";
  return tenant === "" ? "through the worker" : `through the worker, tenant ${tenant}`;
}

export function tokenWords(token: Status["token"], now: number): string {
  switch (token.state) {
    case "absent":
      return "no token yet";
    case "renewing":
      return "obtaining a token";
    case "failed":
      return "no token: the last request for one failed";
    case "held":
      return `token ${token.generation}, ${lifeWords(token.expiresAt, now)}`;
  }
}

function lifeWords(expiresAt: number | undefined, now: number): string {
  if (expiresAt === undefined) return "valid until refused";
  const seconds = Math.floor((expiresAt - now) / 1_000);
  if (seconds <= 0) return "expired; the next call renews it";
  return seconds < 120 ? `valid for ${seconds} s` : `valid for ${Math.floor(seconds / 60)} min`;
}
