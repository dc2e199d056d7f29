/** Writes entries of the history as HAR 1.2. Bodies of replies are not kept, so they are not in it. */
import type { HistoryEntry } from "../../collections/history";
import { mask } from "../../tester/masking";
import type { Body, Loss, Pair } from "../../workspace/model";
import { encodeText } from "../encode";
import type { Exported } from "./exported";

/** Gives the address that the paths of an entry were sent to, without a slash at its end; undefined if it is not known any more. */
export type BaseOf = (entry: HistoryEntry) => string | undefined;

/** Secrets are masked, whatever the entries hold. */
export function exportHar(history: readonly HistoryEntry[], baseOf: BaseOf): Exported {
  const losses = history.flatMap((entry): Loss[] => {
    const where = entry.line;
    const why = `the environment ${entry.environmentName} is not kept any more`;
    return [
      ...(entry.status === null ? [{ where, what: "reply", why: "none came" }] : []),
      ...(isPath(entry) && baseOf(entry) === undefined ? [{ where, what: "address of the instance", why }] : []),
    ];
  });
  const log = {
    version: "1.2",
    creator: { name: "sysparm", version: "0.1.0" },
    entries: history.map((entry) => entryOf(entry, baseOf(entry) ?? UNKNOWN)),
  };
  return { files: [{ path: "history.har", text: `${JSON.stringify({ log }, null, 2)}\n` }], losses };
}

function isPath({ request }: HistoryEntry): boolean {
  return request.address.startsWith("/");
}

function entryOf(entry: HistoryEntry, base: string): object {
  const request = mask(entry.request);
  const sent = request.parameters.filter(({ on }) => on);
  const query = sent.map(({ name, value }) => `${encodeText(name)}=${encodeText(value)}`).join("&");
  const [address = ""] = (isPath(entry) ? base + request.address : request.address).split("#", 1);
  // As `buildTarget` joins them when the request is sent.
  const own = [...new URLSearchParams(address.split("?").slice(1).join("?"))].map(([name, value]) => ({ name, value }));
  const postData = dataOf(request.body);
  return {
    startedDateTime: new Date(entry.at).toISOString(),
    time: entry.totalMs,
    request: {
      method: request.method,
      url: query === "" ? address : `${address}${address.includes("?") ? "&" : "?"}${query}`,
      httpVersion: "",
      cookies: [],
      headers: pairs(request.headers),
      queryString: [...own, ...pairs(sent)],
      ...(postData ? { postData } : {}),
      headersSize: -1,
      bodySize: -1,
    },
    response: {
      status: entry.status ?? 0,
      statusText: "",
      httpVersion: "",
      cookies: [],
      headers: [],
      content: { size: entry.bytes, mimeType: "" },
      redirectURL: "",
      headersSize: -1,
      bodySize: entry.bytes,
    },
    cache: {},
    timings: { send: 0, wait: entry.totalMs, receive: 0 },
    comment: entry.environmentName,
  };
}

function dataOf(body: Body): object | undefined {
  switch (body.kind) {
    case "none":
      return undefined;
    case "json":
      return { mimeType: "application/json", text: body.text };
    case "text":
      return { mimeType: body.contentType, text: body.text };
    case "form":
      return { mimeType: "application/x-www-form-urlencoded", params: pairs(body.fields) };
    case "multipart":
      return {
        mimeType: "multipart/form-data",
        params: body.parts
          .filter(({ on }) => on)
          .map(({ name, value, file }) =>
            file ? { name, fileName: file.fileName, contentType: file.contentType } : { name, value },
          ),
      };
    case "file":
      return { mimeType: body.contentType, text: "", comment: body.fileName };
  }
}

function pairs(given: readonly Pair[]): object[] {
  return given.filter(({ on }) => on).map(({ name, value }) => ({ name, value }));
}

/** No host can have this name (RFC 2606). */
const UNKNOWN = "https://unknown.invalid";
