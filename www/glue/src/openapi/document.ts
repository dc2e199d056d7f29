/** A whole document, within its limits. */
import type { OpenApiDocument } from "sysparm/openapi";
import { OpenApiError } from "./error.js";

export const MOST_OPERATIONS = 30;
export const MOST_BYTES = 1_000_000;

/** `bearer`: what the token is, for people. */
export function securityOf(bearer: string) {
  return {
    security: [{ bearer: [] }],
    securitySchemes: { bearer: { type: "http", scheme: "bearer", description: bearer } },
  };
}

/** The document. @throws OpenApiError where it has more operations or bytes; `advice` says what to choose */
export function withinLimits(
  document: OpenApiDocument,
  {
    maxOperations = MOST_OPERATIONS,
    maxBytes = MOST_BYTES,
  }: { maxOperations?: number | undefined; maxBytes?: number | undefined },
  advice: string,
): OpenApiDocument {
  const operations = Object.values(document.paths).reduce((sum, path) => sum + Object.keys(path).length, 0);
  if (operations > maxOperations) {
    throw tooLarge(`${operations} operations, more than \`maxOperations\` (${maxOperations}). ${advice}`);
  }
  const { length } = new TextEncoder().encode(JSON.stringify(document));
  if (length > maxBytes) {
    throw tooLarge(`${length} bytes, more than \`maxBytes\` (${maxBytes}). ${advice}`);
  }
  return document;
}

function tooLarge(what: string): OpenApiError {
  return new OpenApiError("openapi.too-large", `The description has ${what}`);
}
