/** What `curl -v` prints: `>` before what is sent, `<` before what comes, `*` before what curl says of it, and the body as it is. */
import type { Observed } from "sysparm";

interface CurlExchange {
  method: string;
  path: string;
  sent: [name: string, value: string][];
  status?: number;
  received: [name: string, value: string][];
  body: string[];
  isInBody: boolean;
  transport?: "unreachable" | "timed-out";
  /** Where no request was made that names it. */
  host?: string;
}

/** Exit codes of curl (its manual) for a reply that did not come in time; the other ones of a connection are 5 to 7, 35, 52, 56, ... */
const TIMED_OUT = 28;
/** The progress that curl shows when its output goes to a file. */
const METER = /^(\s+Dload {2}Upload |\s*\d+\s+[\d.]+[kMG]?\s+\d+\s+[\d.]+[kMG]?\s|[{}] \[\d+ bytes data\])/;
/** What follows a body on its last line where that has no line break. */
const AFTER_BODY = /( {2}% Total {4}% Received % Xferd .*|\* (Connection #\d+ to host|Closing connection).*)$/;

/** A body that was sent is not in a transcript. */
export function readTranscript(text: string): Observed[] {
  const exchanges: CurlExchange[] = [];
  let host = "";
  let isEncrypted = false;
  const begin = (method: string, path: string) => {
    const exchange: CurlExchange = { method, path, sent: [], received: [], body: [], isInBody: false };
    exchanges.push(exchange);
    return exchange;
  };
  for (const raw of text.split(/\r?\n/)) {
    // The meter is written over by a carriage return.
    const line = raw.slice(raw.lastIndexOf("\r") + 1);
    const last = exchanges.at(-1);
    const sent = /^> ([A-Z]+) (\S+) HTTP\//.exec(line);
    const received = /^< HTTP\/[\d.]+ (\d{3})/.exec(line);
    const failed = /^curl: \((\d+)\)/.exec(line);
    host =
      /\*\s+Trying \[?([\w.-]+)|^curl: .*?(?:connect to |resolve host: )([\w.-]+)/.exec(line)?.slice(1).find(Boolean) ??
      host;
    if (/^\* (ALPN|SSL|TLS)/.test(line)) isEncrypted = true;
    if (sent) begin(sent[1] ?? "GET", sent[2] ?? "/");
    else if (failed) {
      const isOfLast = last && last.status === undefined && last.transport === undefined;
      const failing = isOfLast ? last : begin("GET", "/");
      failing.host = host;
      failing.transport = Number(failed[1]) === TIMED_OUT ? "timed-out" : "unreachable";
    } else if (!last) continue;
    else if (received) Object.assign(last, { status: Number(received[1]), received: [], isInBody: false });
    else if (/^<\s*$/.test(line)) last.isInBody = (last.status ?? 0) >= 200;
    else if (/^[<>] /.test(line)) {
      const header = /^([<>]) ([\w-]+):\s*(.*)$/.exec(line);
      if (header) (header[1] === ">" ? last.sent : last.received).push([header[2] ?? "", header[3] ?? ""]);
    } else if (last.isInBody && !/^[*>]( |$)/.test(line) && !METER.test(line))
      last.body.push(line.replace(AFTER_BODY, ""));
  }
  // A proxy's own reply is not the instance's.
  const own = exchanges.filter(({ method, status = 0 }) => method !== "CONNECT" || status >= 300);
  return own.map((exchange) => observed(exchange, isEncrypted));
}

function observed(
  { method, path, sent, status, received, body, transport, host }: CurlExchange,
  isEncrypted: boolean,
): Observed {
  const authority = sent.find(([name]) => name.toLowerCase() === "host")?.[1] ?? host;
  const url = authority ? `${isEncrypted ? "https" : "http"}://${authority}${path}` : path;
  const request = { method, url, headers: sent };
  if (status === undefined) return { request, transport: transport ?? "unreachable" };
  return { request, status, headers: received, body: wholeBody(body, received) };
}

/** The terminal's line break at the end is not the body's, unless the length says so. */
function wholeBody(lines: readonly string[], headers: readonly [string, string][]): string {
  const text = lines.join("\n");
  const length = headers.find(([name]) => name.toLowerCase() === "content-length")?.[1];
  const trimmed = text.replace(/\n+$/, "");
  return Number(length) === new TextEncoder().encode(text).length ? text : trimmed;
}
