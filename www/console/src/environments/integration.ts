/** What an environment of the console says of its integration, and which tables a person names. */
import type { AuthMethod } from "sysparm/environments";
import type { Environment } from "../workspace/model";

/** How it signs in, and with which client. Of a worker's own sign-in the console knows nothing. */
export function integrationOf({ route }: Environment): { method?: AuthMethod; clientId?: string | undefined } {
  if (route.way === "worker") return {};
  const { auth } = route;
  switch (auth.kind) {
    case "oauth":
      return { method: auth.grant, clientId: auth.clientId || undefined };
    case "basic":
      return { method: "basic" };
    case "bearer":
      return { method: "token" };
    case "api-key":
      return { method: "api_key" };
  }
}

/** "incident.number, incident.state, cmdb_ci": a table alone is used with all its fields. `wrong` names what is no table or field. */
export function tablesIn(text: string): { tables: Record<string, string[]>; wrong: string | undefined } {
  const parts = text.split(/[\s,]+/).filter(Boolean);
  const tables = new Map<string, Set<string>>();
  const whole = new Set<string>();
  let wrong: string | undefined;
  for (const part of parts) {
    const [, table, , field] = /^(\w{1,100})(\.([\w.]{1,200}))?$/.exec(part) ?? [];
    if (table === undefined) wrong ??= part;
    else if (field) tables.set(table, (tables.get(table) ?? new Set()).add(field));
    else whole.add(table);
  }
  const named = [...tables].map(([table, fields]): [string, string[]] => [table, [...fields]]);
  return {
    tables: Object.fromEntries([...named, ...[...whole].map((table): [string, string[]] => [table, []])]),
    wrong,
  };
}

/** What to say of a text that names no table or field. */
export function tableProblem(wrong: string): string {
  return `${wrong} is no table or field. Write incident or incident.state.`;
}
