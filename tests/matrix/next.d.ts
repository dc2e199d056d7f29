/** What `examples/next-page` imports from Next.js, whose own types `make slow` installs: `make lint` checks the example without them. */
export function connection(): Promise<void>;
export interface NextConfig {
  cacheComponents?: boolean;
}
