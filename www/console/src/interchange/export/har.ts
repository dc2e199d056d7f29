/** Writes entries of the history as HAR 1.2. Bodies of replies are not kept, so they are not in it. */
import type { HistoryEntry } from "../../collections/history";
import { mask } from "../../tester/masking";
import type { Body, Loss, Pair } from "../../workspace/model";
import { encodeText } from "../encode";
import type { Exported } from "./exported";

/** `instanceUrl` completes paths. Secrets are masked, whatever the entries hold. */
export function exportHar(history: readonly HistoryEntry[], instanceUrl: string): Exported {
  const losses: Loss[] = history
    .filter(({ status }) => status === null)
    .map(({ line }) => ({ where: line, what: "reply", why: "none came" }));
  const log = {
    version: "1.2",
    creator: { name: "sysparm", version: "0.1.0" },
    entries: history.map((entry) => entryOf(entry, instanceUrl)),
  };
  return { files: [{ path: "history.har", text: `${JSON.stringify({ log }, null, 2)}\n` }], losses };
}

function entryOf(entry: HistoryEntry, instanceUrl: string): object {
  const request = mask(entry.request);
  const sent = request.parameters.filter(({ on }) => on);
  const query = sent.map(({ name, value }) => `${encodeText(name)}=${encodeText(value)}`).join("&");
  const address = request.address.startsWith("/") ? instanceUrl + request.address : request.address;
  const postData = dataOf(request.body);
  return {
    startedDateTime: new Date(entry.at).toISOString(),
    time: entry.totalMs,
    request: {
      method: request.method,
      url: query === "" ? address : `${address}?${query}`,
      httpVersion: "",
      cookies: [],
      headers: pairs(request.headers),
      queryString: pairs(sent),
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
