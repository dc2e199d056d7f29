/** The least that a worker does that swaps the caller's key for a token: no check of keys or addresses, and all headers pass. Runs in workerd. */
export default {
  async fetch(request, bindings) {
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    headers.set("authorization", "Bearer token");
    headers.delete("x-api-key");
    headers.delete("cookie");
    const reply = await fetch(bindings.INSTANCE_URL + pathname + search, { method: request.method, headers });
    const passing = new Headers(reply.headers);
    passing.delete("set-cookie");
    return new Response(reply.body, { status: reply.status, headers: passing });
  },
};
