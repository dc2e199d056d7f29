/** Types of the dictionary that hold the values of a shape. */
import type { PlanLine, Shape } from "sysparm/model";
import type { Field } from "sysparm/schema";

const TEXTS =
  "string translated_text translated_html html string_full_utf8 email ph_number url GUID char sys_class_name user_input wiki_text " +
  "multi_two_lines ip_addr table_name field_name workflow choice conditions script css xml json color icon";

/** By shape, the first type that names it is what a further field of that type becomes. */
const TYPES: Record<Exclude<Shape, "code" | "choice">, string> = {
  text: TEXTS,
  reference: "reference domain_id",
  instant: "glide_date_time due_date",
  date: "glide_date date",
  boolean: "boolean",
  integer: "integer longint auto_increment order_index",
  decimal: "decimal float double percent_complete",
  money: "price currency currency2",
  duration: "glide_duration timer",
  list: "glide_list user_roles slushbucket",
  entry: "journal_input journal journal_list",
};

const SHAPES = new Map(
  Object.entries(TYPES).flatMap(([shape, types]) => types.split(" ").map((type) => [type, shape as Shape] as const)),
);

/** Types whose value nobody can read. */
const SECRETS = new Set(["password", "password2", "glide_encrypted"]);

/** Whether a column can hold the values of a shape. Unknown types may. */
export function holds(shape: Shape, { type }: Field): boolean {
  const found = type === undefined ? undefined : SHAPES.get(type);
  if (type !== undefined && SECRETS.has(type)) return false;
  if (found === undefined) return true;
  if (shape === "code" || shape === "choice") return found === "text" || found === "integer";
  return found === shape || (shape === "money" && found === "decimal");
}

/** The shape of a further field; undefined for what is of no use. */
export function shapeOf({ type = "", choices }: Field): { shape: PlanLine["shape"]; isKnown: boolean } | undefined {
  if (SECRETS.has(type)) return undefined;
  const found = SHAPES.get(type);
  const hasChoices = (choices ?? []).some(({ value }) => value !== "");
  if (type === "choice") return { shape: "code", isKnown: true };
  if (hasChoices && (found === "text" || found === "integer")) return { shape: "code", isKnown: true };
  return { shape: found ?? "text", isKnown: found !== undefined };
}
