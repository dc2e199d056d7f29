/** Random encoded queries, of what callers write and of what attackers try. */

import type { Choices } from "./choices.ts";
import type { Names } from "./generated-policies.ts";

const OPERATORS = ["=", "!=", ">=", "LIKE", "NOT LIKE", "STARTSWITH", "IN", "ISEMPTY", "BETWEEN", "INSTANCEOF", "ON"];
const UNUSUAL_OPERATORS = ["SAMEAS", "GT_FIELD", "MORETHAN", "DYNAMIC", "IN_HIERARCHY", "VALCHANGES", ""];

const VALUES = ["1", "", "a", "incident", "x=y", "100%", "a&b", "é", "a@b", "javascript:gs.getUserID()"];
const UNUSUAL_VALUES = [
  "u_secret",
  "caller_id.email",
  "u_secret@day@before@1",
  "a@javascript:gs.daysAgoStart(1)",
  "javascript:new X()",
  "1,JavaScript:y()",
  "a^^u_secret=1",
  "a^^^u_secret=1",
  "%5Eu_secret=1",
  "%255Eu_secret=1",
  "1&sysparm_fields=u_secret",
  "1\nu_secret=1",
];

const UNUSUAL_TERMS = [
  "RLQUERYsys_user.manager,>=1",
  "ENDRLQUERY",
  "JOINincident.caller_id=sys_user.sys_id",
  "SUBQUERYsys_id,x",
  "123TEXTINDEXGROUP321=p",
  "State=1",
  "order",
  "OR",
  "ORORu_secret=1",
  "NQNQu_secret=1",
  "ORDERBYnumber,u_secret",
  "EQu_secret=1",
];

/** An encoded query. */
export function queryBy(choices: Choices, names: Names): string {
  const term = (): string => {
    const field = choices.of(names.fields);
    const sorted = choices.of(["ORDERBY", "ORDERBYDESC", "GROUPBY"]) + field;
    const compared = field + choices.either(OPERATORS, UNUSUAL_OPERATORS) + choices.either(VALUES, UNUSUAL_VALUES);
    return choices.either([compared, compared, compared, sorted, "123TEXTQUERY321=a", "EQ", ""], UNUSUAL_TERMS);
  };
  let query = choices.oneIn(4) ? `table_name=${choices.of(names.tables)}` : term();
  const joints = ["^", "^", "^", "^OR", "^NQ"];
  for (const more of choices.list(2, term))
    query += choices.either(joints, ["^^", "^NQ^", "^EQ^", "\n", "^ ", "&"]) + more;
  return query;
}

/** A query on sys_attachment whose terms are as likely to name tables as other fields. */
export function filesQueryBy(choices: Choices, names: Names): string {
  const term = () => choices.of([`table_name=${choices.of(names.tables)}`, "file_name!=x"]);
  const joints = ["^", "^", "^OR", "^NQ", "^^", "^NQ^"];
  return [term(), ...choices.list(2, () => choices.of(joints) + term())].join("");
}
