/** Which fields of a table are shown. Pure. */
import type { Field, TableSchema } from "sysparm/schema";
import { hasWords, wordsOf } from "../kit/words";
import { fieldsOf } from "../schema/fields";

export interface FieldFilter {
  /** Words of the label, the name, the type, the reference or the declaring table. */
  text: string;
  /** Leaves out what the table has from the tables that it extends. */
  ownOnly: boolean;
  customOnly: boolean;
}

/** By name. */
export function shownFields(schema: TableSchema, { text, ownOnly, customOnly }: FieldFilter): [string, Field][] {
  const words = wordsOf(text);
  return Object.entries(fieldsOf(schema))
    .filter(([name, field]) => {
      if (ownOnly && field.declaredIn !== schema.table) return false;
      if (customOnly && !field.custom) return false;
      const { label, type, reference, declaredIn } = field;
      return hasWords([name, label, type, reference, declaredIn].join(" "), words);
    })
    .sort(([one], [other]) => one.localeCompare(other));
}
