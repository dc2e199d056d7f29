/** Reads HAR 1.2, the log of a browser's network pane. */
import {
  type Body,
  type Imported,
  newCollection,
  newId,
  newRequest,
  type Part,
  type SavedRequest,
} from "../../workspace/model";
import { methodOf, splitAddress } from "./address";
import { type Content, ownContent, rawContent } from "./content";
import { createIntake, ImportError, type Intake } from "./intake";
import { field, list, pair, text } from "./reading";
import { hideBody, hidePairs, takeHeaders } from "./secrecy";

export function importHar(value: unknown): Imported {
  const found = field(field(value, "log"), "entries");
  if (!Array.isArray(found)) throw new ImportError("The HAR log has no entries. Save the log again, with content.");
  const intake = createIntake("HAR 1.2");
  const name = text(field(list(field(field(value, "log"), "pages"))[0], "title")) || "HAR log";
  const items = found.flatMap((entry) => {
    const request = field(entry, "request");
    if (text(field(request, "url")) === "") {
      intake.lose([name], "entry", "it has no request with an address");
      return [];
    }
    return [readEntry(request, name, intake)];
  });
  const replies = found.filter((entry) => field(entry, "response") !== undefined).length;
  if (replies > 0)
    intake.lose([name], `${replies} ${replies === 1 ? "reply" : "replies"}`, "collections keep no replies");
  return intake.finish([newCollection(name, items)]);
}

function readEntry(request: unknown, collection: string, intake: Intake): SavedRequest {
  const split = splitAddress(text(field(request, "url")));
  const path = split.address.replace(/^[a-z]+:\/\/[^/]*/i, "") || split.address;
  const called = `${text(field(request, "method")).toUpperCase()} ${path}`.slice(0, 200);
  const where = [collection, called];
  const given = pairs(field(request, "headers")).filter(({ name }) => !isOfBrowser(name));
  const content = contentOf(field(request, "postData"), given, intake, where);
  const ownAuth = split.user
    ? ({ kind: "basic", username: split.user.name, password: intake.keep(split.user.password) } as const)
    : ({ kind: "inherit" } as const);
  return newRequest({
    name: called,
    description: text(field(request, "comment")),
    method: methodOf(text(field(request, "method")) || "GET", intake, where),
    address: split.address,
    parameters: hidePairs(split.parameters, intake),
    body: hideBody(content.body, intake),
    ...takeHeaders(content.headers, ownAuth, intake),
  });
}

function contentOf(
  data: unknown,
  headers: ReturnType<typeof pairs>,
  intake: Intake,
  where: readonly string[],
): Content {
  const type = text(field(data, "mimeType"));
  const fields = list(field(data, "params"));
  const raw = text(field(data, "text"));
  const typed =
    headers.some(({ name }) => name.toLowerCase() === "content-type") || type === ""
      ? headers
      : [...headers, pair("Content-Type", type, true, "")];
  if (/^multipart\//i.test(type) && fields.length > 0) {
    const parts = fields.map((one): Part => {
      const base = { id: newId(), name: text(field(one, "name")), value: text(field(one, "value")), on: true };
      const fileName = text(field(one, "fileName"));
      if (fileName === "") return base;
      intake.lose(where, `file ${fileName.slice(0, 80)}`, "choose the file again");
      return { ...base, value: "", file: { fileName, contentType: text(field(one, "contentType")) } };
    });
    return ownContent(typed, { kind: "multipart", parts });
  }
  if (raw === "" && fields.length > 0) {
    const body: Body = { kind: "form", fields: pairs(fields) };
    return ownContent(typed, body);
  }
  return raw === "" ? { headers, body: { kind: "none" } } : rawContent(typed, raw);
}

function pairs(given: unknown) {
  return list(given).map((one) =>
    pair(text(field(one, "name")), text(field(one, "value")), true, text(field(one, "comment"))),
  );
}

/** The browser sets these itself, and refuses them from a page. */
function isOfBrowser(name: string): boolean {
  return /^(?::|sec-|proxy-|(?:host|connection|content-length|accept-encoding|user-agent|origin|referer|cookie|dnt|upgrade-insecure-requests|te|priority)$)/i.test(
    name,
  );
}
