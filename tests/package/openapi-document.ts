/** Tables to describe, and the parts of documents that tests look at. */
import type { OpenApiDocument } from "sysparm/openapi";
import type { Field, TableSchema } from "sysparm/schema";

export const URL = "https://dev12345.service-now.com";

export function schemaOf(table: string, fields: Record<string, Partial<Field>>, label = table): TableSchema {
  const all = Object.entries(fields).map(([name, field]) => [name, { source: "dictionary", ...field }]);
  return {
    table,
    tables: { [table]: { fields: Object.fromEntries(all) } },
    ancestry: [{ name: table, label }],
    ...{ custom: [], indexes: null, complete: true, unread: [], language: "en", readAt: 0, changedAt: null },
  };
}

export const STATES = [
  { value: "1", label: "New" },
  { value: "2", label: "In Progress" },
  { value: "9", label: "Gone", inactive: true as const },
];
export const INCIDENT = schemaOf(
  "incident",
  {
    sys_id: { type: "GUID", label: "Sys ID" },
    number: { type: "string", label: "Number", maxLength: 40 },
    state: { type: "integer", label: "State", choices: STATES },
    short_description: { type: "string", label: "Short description", maxLength: 160, mandatory: true },
    opened_at: { type: "glide_date_time", label: "Opened", readOnly: true },
    caller_id: { type: "reference", label: "Caller", reference: "sys_user" },
    work_notes: { type: "journal_input", label: "Work notes" },
    secret: { type: "password2", label: "Secret" },
    sys_updated_on: { type: "glide_date_time", label: "Updated" },
  },
  "Incident",
);
export const USER = schemaOf("sys_user", { name: { type: "string", label: "Name" }, email: { type: "email" } }, "User");
export const ALL = ["list", "get", "create", "update", "delete"] as const;

export type Operation = OpenApiDocument["paths"][string][string];
export const operationsOf = ({ paths }: OpenApiDocument) => Object.values(paths).flatMap((path) => Object.values(path));
export const parameterOf = (operation: Operation | undefined, name: string) =>
  ((operation?.parameters ?? []) as { name: string; required?: boolean; description: string; schema: object }[]).find(
    (one) => one.name === name,
  );
export const propertiesOf = ({ components }: OpenApiDocument, name: string) =>
  (components.schemas[name] as { properties: Record<string, { description: string; enum?: string[] }> }).properties;
