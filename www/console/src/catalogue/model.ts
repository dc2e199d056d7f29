/** The shape of an entry of the API catalogue. The entries are data: `apis/`. */
import type { Method } from "../workspace/model";

/** One API with its calls. */
export interface Api {
  name: string;
  /** The page of ServiceNow's documentation that it is taken from, below `markdown/api-reference/` of ServiceNow/ServiceNowDocs. */
  source: string;
  /** What a caller needs, as far as the page says it. */
  needs?: string;
  calls: readonly Call[];
}

export interface Call {
  /** Unique in the catalogue; stands in addresses. */
  id: string;
  method: Method;
  /** With `{name}` for each part to fill in. */
  path: string;
  summary: string;
  parameters: readonly Parameter[];
  /** A request body to begin with: JSON, a form with a file, or a file as it is. */
  body?: { json: unknown } | { parts: readonly string[] } | { file: true };
  /** What surprises people. */
  note?: string;
}

export interface Parameter {
  name: string;
  note: string;
  /** Sent from the start, with this value. */
  value?: string;
}

export interface Entry extends Call {
  api: Api;
}
