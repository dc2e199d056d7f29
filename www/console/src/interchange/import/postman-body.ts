/** The body of a Postman request. */
import { newId, type Pair, type Part } from "../../workspace/model";
import { splitFields } from "./address";
import { NO_CONTENT } from "./collection-parts";
import { baseName, type Content, contentType, ownContent, rawContent } from "./content";
import type { Intake, Where } from "./intake";
import { postmanPairs } from "./postman-url";
import { field, isFields, list, text } from "./reading";

export function postmanBody(given: unknown, headers: Pair[], where: Where, intake: Intake): Content {
  const empty: Content = { headers, body: { kind: "none" } };
  if (!isFields(given)) return empty;
  const mode = text(field(given, "mode"));
  if (field(given, "disabled") === true) {
    intake.lose(where, "body that is off", "a request has one body or none");
    return empty;
  }
  const value = field(given, mode);
  switch (mode) {
    case "":
    case "none":
      return empty;
    case "raw":
      return rawContent(headers, text(value), text(field(field(field(given, "options"), "raw"), "language")));
    case "urlencoded":
      return ownContent(headers, {
        kind: "form",
        fields: typeof value === "string" ? splitFields(value) : postmanPairs(value),
      });
    case "formdata":
      return ownContent(headers, {
        kind: "multipart",
        parts: list(value).flatMap((one) => partsOf(one, where, intake)),
      });
    case "file": {
      const name = text(field(value, "src")) || text(value);
      if (name === "") return empty;
      intake.lose(where, `file ${baseName(name)}`, NO_CONTENT);
      const type = contentType(headers) || "application/octet-stream";
      return ownContent(headers, { kind: "file", fileName: baseName(name), contentType: type });
    }
    case "graphql":
      return ownContent(headers, { kind: "json", text: graphql(value) });
    default:
      intake.lose(where, `body ${mode.slice(0, 40)}`, "this kind of body is not known here");
      return empty;
  }
}

function partsOf(one: unknown, where: Where, intake: Intake): Part[] {
  const part: Part = {
    id: newId(),
    name: text(field(one, "key")),
    value: text(field(one, "value")),
    on: field(one, "disabled") !== true,
  };
  if (field(one, "type") !== "file") {
    const type = text(field(one, "contentType"));
    if (type !== "") intake.lose(where, `content type of part ${part.name}`, "only files have one here");
    return [part];
  }
  const source = field(one, "src");
  const names = Array.isArray(source) ? source.map(text) : [text(source)];
  return names.map((name) => {
    if (name !== "") intake.lose(where, `file ${baseName(name)}`, NO_CONTENT);
    return {
      ...part,
      id: newId(),
      value: "",
      file: { fileName: baseName(name), contentType: text(field(one, "contentType")) },
    };
  });
}

/** Variables of a GraphQL query are JSON in a text; one that is no JSON stays a text. */
function graphql(value: unknown): string {
  const variables = text(field(value, "variables")).trim();
  let parsed: unknown;
  try {
    parsed = variables === "" ? undefined : JSON.parse(variables);
  } catch {
    parsed = variables;
  }
  const operation = text(field(value, "operationName"));
  return JSON.stringify(
    {
      query: text(field(value, "query")),
      variables: parsed,
      ...(operation === "" ? {} : { operationName: operation }),
    },
    null,
    2,
  );
}
