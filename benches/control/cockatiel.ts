/** cockatiel's policies as a program would combine them. Every request of sysparm has a time limit, as the second combination has. */

export interface Policy {
  execute(run: (context: { signal: AbortSignal }) => Promise<Response>): Promise<Response>;
}

export interface Cockatiel {
  retry(handled: unknown, options: object): Policy;
  circuitBreaker(handled: unknown, options: object): Policy;
  timeout(ms: number, strategy: string): Policy;
  wrap(...policies: Policy[]): Policy;
  ConsecutiveBreaker: new (failures: number) => unknown;
  handleAll: unknown;
}

export function policies(library: Cockatiel): { unlimited: Policy; limited: Policy } {
  const { retry, circuitBreaker, timeout, wrap, ConsecutiveBreaker, handleAll } = library;
  const retries = retry(handleAll, { maxAttempts: 4 });
  const breaker = circuitBreaker(handleAll, { halfOpenAfter: 30_000, breaker: new ConsecutiveBreaker(5) });
  return { unlimited: wrap(retries, breaker), limited: wrap(retries, breaker, timeout(70_000, "aggressive")) };
}
