/**
 * Takes the records of an exported file. A file is written by others: it neither gets at a secret of this device nor loosens the lock of
 * an environment.
 */
import type { Incoming, Kind, Kinds } from "../store/records";
import type { Store } from "../store/store";
import { SECRET_MEMBERS } from "../vault/references";
import { same } from "../workspace/merge";
import { ENVIRONMENT_KINDS, type Environment, newSecretRef, type SecretRef, type Variable } from "../workspace/model";
import { CHOICE, type Environments } from "./environments";

export interface Plan {
  /** The records to write. Those that are here already are not among them. */
  records: Incoming[];
  /** How many of them replace a record of this device. */
  replaced: number;
}

/**
 * What an import of a file would do. Nothing is written.
 * @throws Error for a file that is no export of the console
 */
export async function planImport(text: string, store: Store, environments: Environments): Promise<Plan> {
  const plan: Plan = { records: [], replaced: 0 };
  const renewed = new Map<string, SecretRef>();
  const present = new Map<Kind, Kinds[Kind][]>();
  for (const incoming of store.readExport(text)) {
    const { kind, data } = incoming;
    // A file does not change which environment is in use.
    if (kind === "preferences" && data.id === CHOICE && environments.list.value.length > 0) continue;
    const found = present.get(kind) ?? (await store.all(kind));
    present.set(kind, found);
    const before = found.find(({ id }) => id === data.id);
    const record =
      kind === "environments"
        ? { kind, data: merged(data, before as Environment | undefined) }
        : ({ kind, data: withNewSecrets(data, renewed) } as Incoming);
    if (before && same(withoutRefs(before), withoutRefs(record.data))) continue;
    if (before) plan.replaced += 1;
    plan.records.push(record);
  }
  return plan;
}

/** Writes what was planned. An environment that changes is disconnected. */
export async function carryOut({ records }: Plan, store: Store, environments: Environments): Promise<void> {
  const areFirst = environments.list.value.length === 0;
  for (const { kind, data } of records) {
    if (kind === "environments") await environments.save(data);
    else await store.put(kind, data as never);
  }
  // The first environments of this device: the file says which one is in use.
  if (areFirst) await environments.load();
}

/** Its secrets are those of the present environment where the route is the same one, and none of this device otherwise. */
function merged(incoming: Environment, before: Environment | undefined): Environment {
  const fresh = withNewSecrets(incoming, new Map());
  if (!before) return fresh;
  const stricter = {
    kind: ENVIRONMENT_KINDS[Math.max(...[before, incoming].map(({ kind }) => ENVIRONMENT_KINDS.indexOf(kind)))],
    readOnly: before.readOnly || incoming.readOnly,
  } as Pick<Environment, "kind" | "readOnly">;
  if (!same(withoutRefs(before.route), withoutRefs(incoming.route))) return { ...fresh, ...stricter };
  const held = (variable: Variable) =>
    before.variables.find(({ name, secret }) => secret !== undefined && name === variable.name)?.secret;
  const variables = fresh.variables.map((variable): Variable => {
    const secret = variable.secret === undefined ? undefined : held(variable);
    return secret === undefined ? variable : ({ ...variable, secret } as Variable);
  });
  return { ...fresh, ...stricter, route: before.route, variables };
}

/** A copy in which every reference is a new one that the vault does not hold. `renewed` keeps equal references equal. */
function withNewSecrets<Data>(data: Data, renewed: Map<string, SecretRef>): Data {
  return mapped(data, (ref) => {
    const next = renewed.get(ref) ?? newSecretRef();
    renewed.set(ref, next);
    return next;
  });
}

/** What of a record is compared: all but the references of its secrets. */
const withoutRefs = (data: unknown): unknown => mapped(data, () => "");

function mapped<Data>(data: Data, change: (ref: string) => string): Data {
  if (Array.isArray(data)) return data.map((one) => mapped(one, change)) as Data;
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name,
      SECRET_MEMBERS.includes(name) && typeof value === "string" ? change(value) : mapped(value, change),
    ]),
  ) as Data;
}
