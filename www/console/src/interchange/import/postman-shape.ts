/** What a Postman collection must look like to be read at all. Everything below this is read leniently. */
import * as v from "valibot";

/** Items are checked one by one while the tree is walked, so that depth is bounded there. */
const items = v.array(v.unknown());

const collection = v.looseObject({
  info: v.optional(
    v.looseObject({
      name: v.optional(v.unknown()),
      schema: v.optional(v.string()),
      description: v.optional(v.unknown()),
    }),
    {},
  ),
  item: items,
  auth: v.optional(v.unknown()),
  variable: v.optional(v.unknown()),
  event: v.optional(v.unknown()),
});

export type PostmanCollection = v.InferOutput<typeof collection>;

/** The collection, or the sentence that says what is wrong and where. */
export function checkPostman(value: unknown): PostmanCollection | { problem: string } {
  const result = v.safeParse(collection, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue) ?? "the document";
  return { problem: `${path}: expected ${issue.expected ?? "another value"}, found ${issue.received.slice(0, 60)}` };
}
