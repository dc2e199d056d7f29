/** Creates and changes records. A value without a counterpart is refused before anything is sent. */

import { ModelError, type Plan } from "sysparm/model";
import { envelope } from "../gateway/envelope.ts";
import { covers } from "../policy/compile.ts";
import { Answered } from "./answered.ts";
import {
  customOf,
  idOf,
  nothingElse,
  parametersOf,
  type ReadTable,
  readTable,
  take,
  targetOf,
  type UnifiedCall,
} from "./calls.ts";
import type { Columns } from "./columns.ts";
import { droppedOf } from "./dropped.ts";
import { planOf } from "./plans.ts";
import { itemOf, type OneItem } from "./reading.ts";
import { recordOf } from "./records.ts";
import { invalidBody, unknownResult } from "./refusals.ts";
import type { Resource } from "./resources.ts";

/** What was written, as the instance answers it. */
export interface WrittenItem extends OneItem {
  /** Fields of which the reply holds another value than was sent: the instance has dropped or changed it. */
  readonly dropped: readonly string[];
}

/** `POST /{resource}`, and `PATCH /{resource}/{id}` with an id. */
export async function written(
  call: UnifiedCall,
  resource: Resource,
  id: string | undefined,
  url: string,
): Promise<WrittenItem> {
  const given = parametersOf(url);
  const plan = await planOf(call.map, resource, take(given, "table"), call.policy);
  const read = readTable(call, plan, customOf(take(given, "custom")), []);
  nothingElse(given, ["table", "custom"]);
  const record = id === undefined ? undefined : idOf(id);
  const fields = fieldsOf(plan, await call.body());
  const method = record === undefined ? "POST" : "PATCH";
  const columns = withWritten(read, Object.keys(fields));
  const reply = await call.send(method, targetOf({ ...read, columns }, record), JSON.stringify(fields));
  const made = record ?? madeIn(reply.headers);
  const row = await recordOf(reply, unknownResult(made));
  const isRequested = (column: string) => columns.fields?.includes(column) ?? read.columns.fields === undefined;
  return { ...itemOf(read, row), dropped: droppedOf(plan, fields, row, isRequested) };
}

/** With the written columns that may be read, so that the reply says what became of them. */
function withWritten({ rules, columns }: ReadTable, written: readonly string[]): Columns {
  if (columns.fields === undefined) return columns;
  const more = written.filter((column) => rules === undefined || covers(rules.readable, column));
  const fields = [...new Set([...columns.fields, ...more])];
  // Where none may be read, the policy itself says what the reply holds.
  return { ...columns, fields: fields.length === 0 ? undefined : fields };
}

/** The id of the record that a reply says was made. */
function madeIn(headers: Headers): string | undefined {
  return /\/([0-9a-f]{32})$/.exec(headers.get("location") ?? "")?.[1];
}

function fieldsOf(plan: Plan, part: unknown): Record<string, string> {
  if (typeof part !== "object" || part === null || Array.isArray(part)) throw new Answered(invalidBody);
  try {
    return plan.write(part as Parameters<Plan["write"]>[0]).fields;
  } catch (error) {
    if (error instanceof ModelError) throw new Answered(notWritten(error));
    throw error;
  }
}

const MOST_PROBLEMS = 20;
/** Of a message, which may repeat a value of the body. */
const LONGEST_MESSAGE = 400;

function shortened(message: string): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}…`;
}

function notWritten({ code, problems }: ModelError): Response {
  const causes = problems.slice(0, MOST_PROBLEMS).map((problem) => {
    return {
      code: problem.code,
      title: `${problem.path.slice(0, 100)} cannot be written`,
      fix: [shortened(problem.message)],
    };
  });
  const why = `${causes.length === 1 ? "a value" : `${problems.length} values`} of it cannot be written`;
  const words = causes.map(({ fix }) => fix[0]).join(" ");
  const detail = `The sysparm worker, not the instance, refused this object: ${why}. Code: ${code}. ${words}`;
  return envelope(400, "Object refused", detail, {}, { code, causes });
}
