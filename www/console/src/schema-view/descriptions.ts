/** What a table can be copied as. Pure. */
import type { openApi } from "sysparm/openapi";
import type { TableSchema } from "sysparm/schema";
import { baseAddress } from "../environments/environments";
import { FORMATS } from "../schema/types/formats";
import type { Environment } from "../workspace/model";

export interface Writers {
  codegen: typeof import("sysparm/codegen");
  openApi: typeof openApi;
}

export interface Description {
  name: string;
  text: string;
  /** Why there is no text, and what to do; empty where there is one. */
  problem: string;
}

const COPIED = ["typescript", "json-schema"];

export function descriptionsOf(writers: Writers, schema: TableSchema, environment: Environment): Description[] {
  const types = FORMATS.filter(({ id }) => COPIED.includes(id)).map(({ name, text }) =>
    described(name, () => text(writers.codegen, [schema])),
  );
  return [...types, described("OpenAPI", () => openApiText(writers, schema, environment))];
}

/** Reads only: what may be written is for the person to decide. */
function openApiText({ openApi }: Writers, schema: TableSchema, environment: Environment): string {
  const url = baseAddress(environment);
  const server = environment.route.way === "worker" ? "worker" : "instance";
  return `${JSON.stringify(openApi({ url, server, schemas: [schema] }), null, 2)}\n`;
}

function described(name: string, write: () => string): Description {
  try {
    return { name, text: write(), problem: "" };
  } catch (thrown) {
    return { name, text: "", problem: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
