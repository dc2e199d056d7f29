/**
 * A policy as data: what a caller may ask of the instance. What it does not name is refused, and methods are GET unless others are named.
 * `policy.schema.json` in this package's folder is generated from this file, and `docs/policies.md` explains it by examples.
 */

import * as v from "valibot";
import { list, options } from "../options.ts";

/** The methods that a policy can allow. HEAD counts as GET. */
export const METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"] as const;

/** A table's name, or the beginning of names with an underscore in it and an asterisk behind it. */
const TABLE = /^(?:[a-z][a-z0-9_]{0,79}|[a-z][a-z0-9]{0,40}_[a-z0-9_]{0,40}\*)$/;

/** A field, a field of a record that a reference leads to, or all own fields of the table. */
const FIELD = /^(?:\*|[a-z_][a-z0-9_]{0,79}(?:\.[a-z0-9_]{1,80}){0,5})$/;

const STAGING_TABLE = /^[a-z][a-z0-9_]{0,79}$/;
const VIEW = /^[A-Za-z0-9_ -]{1,80}$/;

/** `/api/<namespace>/[<version>/]<API>...`, but none of the APIs that have options of their own. */
const PATH =
  /^\/api\/(?!now\/(?:v\d+\/)?(?:table|stats|attachment|import|batch|graphql)(?:\/|$))[a-z0-9_]+\/(?:v\d+\/)?(?!v\d+(?:\/|$))[a-z0-9_]+(?:\/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*$/;

/** Objects refuse options that they do not know, because a misspelt restriction must not be dropped silently. */
const described = <const Entries extends v.ObjectEntries>(entries: Entries, description: string) =>
  v.pipe(options(entries), v.description(description));

const named = (pattern: RegExp, what: string) => {
  const message = `Pass ${what}.`;
  return v.pipe(v.string(message), v.regex(pattern, message));
};

const MOST_NAMES = 500;

const names = (item: v.GenericSchema<string>, description: string) =>
  v.optional(v.pipe(list(item, MOST_NAMES), v.description(description)));

const FIELD_NAME = named(FIELD, "a field such as `number`, `caller_id.name` or `*`");

const fields = (description: string) => names(FIELD_NAME, description);

/** An empty list would be an empty sysparm_fields, which asks for all fields. */
const readable = (description: string) =>
  v.optional(
    v.pipe(list(FIELD_NAME, MOST_NAMES), v.minLength(1, "Pass at least one field."), v.description(description)),
  );

const SOME_METHODS = `Pass a list of some of ${METHODS.join(", ")}.`;
const methodList = v.pipe(
  v.array(v.picklist(METHODS, `Pass one of ${METHODS.join(", ")}.`), SOME_METHODS),
  v.minLength(1, SOME_METHODS),
);

const methods = (description: string) => v.optional(v.pipe(methodList, v.description(description)));

const amount = (most: number, description: string) => {
  const message = `Pass a whole number from 1 to ${most}.`;
  return v.optional(
    v.pipe(
      v.number(message),
      v.integer(message),
      v.minValue(1, message),
      v.maxValue(most, message),
      v.description(description),
    ),
  );
};

const flag = (description: string) => v.optional(v.pipe(v.boolean("Pass true or false."), v.description(description)));

const maxRows = (whose: string) =>
  amount(100_000, `Most rows of one reply ${whose}: sysparm_limit is added, and a larger one is refused.`);
const maxBytes = (whose: string) =>
  amount(
    2 ** 40,
    `Most bytes of one reply ${whose}. A longer one is refused, or ends with an error if its length was not announced.`,
  );

const table = described(
  {
    methods: methods("Methods of the Table API. GET alone unless given."),
    fields: readable(
      "Fields that may be read. `*`, all own fields of the table, unless given. Fields behind a reference are named one by one.",
    ),
    conditions: fields("Fields that may be compared, sorted by and grouped by. The readable ones unless given."),
    writable: fields("Fields that may be written. The readable own ones unless given."),
    displayValues: flag(
      "Whether display values may be asked for. A reference's display value is read from another table.",
    ),
    textSearch: flag("Whether 123TEXTQUERY321 may be used. It finds text in any indexed field."),
    views: names(
      named(VIEW, "the name of a view"),
      "Views that sysparm_view may name. A view chooses fields, also of other tables.",
    ),
    aggregate: flag("Whether the Aggregate API may count and sum up rows. It applies no access rules to rows."),
    attachments: methods("Methods for files of this table's records: GET lists them, POST adds one."),
    maxRows: maxRows("from this table"),
    maxBytes: maxBytes("from this table"),
  },
  "What a caller may do with one table.",
);

const importSet = described(
  {
    methods: methods("POST alone unless given. GET reads an imported row."),
    writable: fields("Fields that may be sent. Every one unless given."),
  },
  "What a caller may do with one staging table of the Import Set API.",
);

/** What decides over everything else, so that other permissions next to it would have no effect. */
const PERMISSIONS = ["tables", "attachments", "batch", "importSets", "graphql", "paths", "maxRows"] as const;

const permissions = described(
  {
    tables: v.optional(
      v.pipe(
        v.record(
          named(TABLE, "a table such as `incident`, or a beginning such as `x_acme_*`"),
          table,
          "Pass an object of tables by name.",
        ),
        v.description(
          "Tables by name. A beginning of names ends in `*`; the name itself counts first, then the longest beginning.",
        ),
      ),
    ),
    attachments: methods("Methods of the Attachment API for files of every table."),
    batch: flag("Whether the Batch API may be used. Every request in a batch is decided like one that comes alone."),
    importSets: v.optional(
      v.pipe(
        v.record(
          named(STAGING_TABLE, "a staging table such as `imp_user`"),
          importSet,
          "Pass an object of staging tables by name.",
        ),
        v.description("Staging tables of the Import Set API by name."),
      ),
    ),
    graphql: flag("Whether the GraphQL API may be used. What a request reads and writes through it is not examined."),
    paths: v.optional(
      v.pipe(
        v.record(
          named(PATH, "a path such as `/api/x_acme/orders`, but of none of the APIs that have options of their own"),
          methodList,
          "Pass an object of methods by path.",
        ),
        v.description(
          "Methods by path, for scripted and other APIs. Everything below the path is included; the longest path counts. Parameters and bodies are not examined.",
        ),
      ),
    ),
    unrestricted: methods(
      "Methods that pass without any examination, for every path. Cannot be combined with other permissions.",
    ),
    maxRows: maxRows("from tables that name no number themselves"),
    maxBytes: maxBytes("from tables that name no number themselves, and from other APIs"),
    requestsPerMinute: amount(
      1_000_000,
      "Most requests in a minute, counted by each isolate of the worker. Requests in a batch count one by one.",
    ),
  },
  "What a caller may ask of the instance. What is not named is refused.",
);

/** The schema of a policy. */
export const policySchema = v.pipe(
  permissions,
  v.check(
    (policy) => policy.unrestricted === undefined || PERMISSIONS.every((name) => policy[name] === undefined),
    `Option \`unrestricted\` decides alone. Remove it, or remove ${PERMISSIONS.join(", ")}.`,
  ),
);

/** What a caller may ask of the instance. */
export type Policy = v.InferOutput<typeof policySchema>;
