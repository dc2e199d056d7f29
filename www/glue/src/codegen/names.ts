/** Names and comments in generated text. */
import type { TableSchema } from "sysparm/schema";

/** What a module begins with. `flag` is the option of `sysparm types` that writes it. */
export function headOf(schemas: readonly TableSchema[], flag = ""): string {
  const incomplete = schemas.filter(({ complete }) => !complete).map(({ table }) => table);
  const gaps = incomplete.length > 0 ? `// Not every field could be read of: ${incomplete.join(", ")}.\n` : "";
  return `// Written by: npx sysparm types --table ${schemas.map(({ table }) => table).join(",")}${flag && ` ${flag}`}
// Changes here are lost when it is written again. A field that access rules hide from a row is missing from that row.
${gaps}`;
}

/** The import of the types that a text uses; a module may be compiled with `noUnusedLocals`. */
export function importOf(text: string): string {
  const used = ["Stored", "SysId"].filter((name) => text.includes(`${name}<`));
  return used.length > 0 ? `import type { ${used.join(", ")} } from "sysparm";\n` : "";
}

/** "Incident (incident)", or the name alone where there is no label. */
export function labelOf({ table, ancestry }: TableSchema): string {
  const label = ancestry[0]?.label;
  return label ? `${label} (${table})` : table;
}

/** A label can hold the end of a comment, or several lines. */
export function commented(text: string): string {
  return text.replaceAll("*/", "* /").replace(/\s+/g, " ").trim();
}

/** A name as the key of an object or an interface. */
export function keyOf(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}

/** Names from elsewhere that generated text uses: a table's own name would take their place. */
const USED = ["Stored", "SysId", "Tables", "TableWrites", "Object", "Number", "RegExp"];

/** `cmdb_ci` becomes `CmdbCi`. Two tables can come to one name: the later one gets an underscore. */
export function namesOfTypes(): { next(table: string, ending: string): string } {
  const taken = new Set(USED);
  return {
    next(table, ending) {
      const words = table.split("_").filter(Boolean);
      let name = words.map((word) => word[0]?.toUpperCase() + word.slice(1)).join("") + ending;
      if (!/^[A-Za-z]/.test(name)) name = `Table${name}`;
      while (taken.has(name)) name += "_";
      taken.add(name);
      return name;
    },
  };
}
