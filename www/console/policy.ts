/**
 * The Content Security Policy. The server's header and the page's meta tag are both generated from it.
 *
 * `connect-src` cannot name the instance, because a person types it: any https address, and plain http on loopback for
 * the practice instance. (An IPv6 literal is no valid source in a policy, so loopback is written 127.0.0.1 or localhost.)
 * A Worker takes its policy from the reply with its file, not from the page. On a host that sends no headers the Workers have none, although the
 * page has its meta tag.
 * Source: W3C Content Security Policy Level 3; W3C Trusted Types.
 */
const directives: Record<string, string> = {
  "default-src": "'none'",
  "script-src": "'self' 'wasm-unsafe-eval'",
  "style-src": "'self'",
  "img-src": "'self'",
  "connect-src": "'self' https: http://127.0.0.1:* http://localhost:*",
  "manifest-src": "'self'",
  "worker-src": "'self'",
  "form-action": "'none'",
  "base-uri": "'none'",
  "require-trusted-types-for": "'script'",
  // Allows the addresses of the service worker and of the Workers of the build (src/background/trusted.ts). A second policy of that name is refused.
  "trusted-types": "sysparm-console",
};

/** For the meta tag. `frame-ancestors` has no effect there, and browsers report it as an error. */
export const pagePolicy = written(directives);

/** For the server that delivers the page. */
export const securityHeaders: Record<string, string> = {
  "Content-Security-Policy": written({ ...directives, "frame-ancestors": "'none'" }),
  "Cross-Origin-Opener-Policy": "same-origin",
  "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
};

function written(policy: Record<string, string>): string {
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join("; ");
}
