import assert from "node:assert/strict";
import { test } from "node:test";
import { readQuery } from "../../../www/worker/src/policy/encoded-query.ts";
import { isHarmless } from "../../../www/worker/src/policy/script-values.ts";
import { decider, passes, refuses } from "./deciding.ts";

const fieldsOf = (query: string) => {
  const reading = readQuery(query);
  assert.ok(!("problem" in reading), `${query}: ${"problem" in reading ? reading.problem : ""}`);
  return [...new Set(reading.fields)].join(" ");
};

const problemOf = (query: string) => {
  const reading = readQuery(query);
  return "problem" in reading ? reading.code : `read as ${reading.fields.join(" ")}`;
};

test("every condition and order of a query is found", () => {
  assert.equal(
    fieldsOf("active=true^priority<=2^ORDERBYnumber^ORDERBYDESCsys_updated_on"),
    "active priority number sys_updated_on",
  );
  assert.equal(fieldsOf("a=1^ORb!=2^NQc>3^NQORDERBYd^GROUPBYe^EQ"), "a b c d e");
  assert.equal(fieldsOf("caller_id.manager.emailENDSWITHx"), "caller_id.manager.email");
  assert.equal(fieldsOf("short_descriptionNOT LIKEa^short_descriptionDOES NOT CONTAINb"), "short_description");
  assert.equal(fieldsOf("^a=1^b=2^"), "a b");
  assert.equal(fieldsOf("a=b=c^d=e.f@example.com^gIN1,2,3^hBETWEEN1@2"), "a d g h");
  assert.equal(
    fieldsOf("aISEMPTY^bISNOTEMPTY^cANYTHING^dEMPTYSTRING^sys_class_nameINSTANCEOFcmdb_ci"),
    "a b c d sys_class_name",
  );
  assert.equal(fieldsOf("sys_tags.0a1bDOES NOT CONTAINx"), "sys_tags.0a1b");
  assert.equal(fieldsOf(""), "");
});

test("every documented operator is read", () => {
  // "Operators available for filters and queries"; the second spellings are those of GlideRecord.
  for (const rest of [
    ..."=1 !=1 <1 <=1 >1 >=1 LIKEa CONTAINSa *a NOTLIKEa !*a STARTSWITHa ENDSWITHa %a IN1,2 NOTIN1,2 ISEMPTY ISNOTEMPTY".split(
      " ",
    ),
    ..."EMPTYSTRING ANYTHING BETWEEN1@2 ONToday@a@b NOTONToday@a@b RELATIVEGT@hour@ago@1 RELATIVELT@hour@ago@1".split(
      " ",
    ),
    ..."RELATIVEEE@day@ago@1 RELATIVEGE@day@ago@1 RELATIVELE@day@ago@1 DATEPARTMonday@a INSTANCEOFcmdb_ci".split(" "),
    ...["NOT LIKEa", "DOES NOT CONTAINa", "NOT IN1,2", "STARTSWITH", "="],
  ]) {
    assert.equal(fieldsOf(`field${rest}`), "field", rest);
  }
});

test("fields that values name are found", () => {
  assert.equal(fieldsOf("aSAMEASb"), "a b");
  assert.equal(fieldsOf("aNSAMEASb.c@day"), "a b.c");
  for (const operator of "SAMEAS NSAMEAS GT_FIELD LT_FIELD GT_OR_EQUALS_FIELD LT_OR_EQUALS_FIELD MORETHAN LESSTHAN".split(
    " ",
  )) {
    assert.equal(fieldsOf(`a${operator}b.c@day@before@1`), "a b.c", operator);
  }
  assert.equal(fieldsOf("sla_dueMORETHANactivity_due@day@before@1"), "sla_due activity_due");
  assert.equal(problemOf("aSAMEASjavascript:gs.getUserID()"), "policy.query");
});

test("query that is not one of the documented forms is a problem", () => {
  for (const query of [
    "RLQUERYincident.problem_id,>=1^ENDRLQUERY",
    "active=true^RLQUERYtask_sla.task,>=1^has_breached=true^ENDRLQUERY",
    "JOINincident.caller_id=sys_user.sys_id!name=x",
    "SUBQUERYsys_id,caller_id,sys_user^active=true^ENDSUBQUERY",
    "123TEXTINDEXGROUP321=portal",
    "stateVALCHANGES",
    "stateCHANGESTO3",
    "state",
    "state 1",
    " state=1",
    "State=1",
    "ORDERBY",
    "ORDERBYa,b",
    "ORDERBYState",
    "ORDERBYa desc",
    "=1",
    ".a=1",
    "a.=1",
    "a..b=1",
    "a=x^^y",
    "a=1^^b=2",
    "^^a=1",
    "a=1^^",
    "a=1^^^b=2",
    "a=1^NQ^b=2",
    "a=1^OR^b=2",
    "NQ",
    "a(b)=1",
    "NQNQa=1",
    "ORORa=1",
  ]) {
    assert.equal(problemOf(query), "policy.query", query);
  }
});

test("filters and scripts that the instance evaluates are a problem", () => {
  for (const query of [
    "caller_idDYNAMIC90d1921e5f510100a9ad2572f2b477fe",
    "managerIN_HIERARCHYa@b",
    "managerIN_HIERARCHY_DYNAMICa@b",
    "caller_id=javascript:new GlideRecord('sys_user').canRead()",
    "caller_idINjavascript:getMyGroups()",
    "caller_id=JavaScript:x()",
    "caller_id=1,javascript :x()",
    "123TEXTQUERY321=javascript:x()",
  ]) {
    assert.equal(problemOf(query), "policy.script", query);
  }
});

test("scripts that only compute a date or name the own user pass", () => {
  for (const value of [
    "javascript:gs.daysAgoStart(7)",
    "javascript:gs.beginningOfLast6Months()",
    "javascript:gs.dateGenerate('2026-09-29','23:59:59')",
    "Today@javascript:gs.beginningOfToday()@javascript:gs.endOfToday()",
    "Monday@javascript:gs.datePart('dayofweek','monday','EE')",
    "javascript:gs.getUserID()",
    "plain text about java scripts",
  ]) {
    assert.ok(isHarmless(value), value);
  }
  for (const value of [
    "javascript:gs.daysAgo(gs.getProperty('x'))",
    "javascript:gs.getUserID();gs.log('x')",
    "javascript:gs.getUser().getEmail()",
    "javascript:gs.hasRole('admin')",
    "javascript:gs.daysAgoStart(7)+1",
    "javascript:gs.dateGenerate('a'+x,'b')",
    "javascript:'a@javascript:gs.daysAgo(1)",
    "a@javascript:x()@javascript:gs.daysAgo(1)",
  ]) {
    assert.ok(!isHarmless(value), value);
  }
});

test("query encoded so that decoders differ is refused", () => {
  const decide = decider({ tables: { incident: {} } });
  const asked = (query: string) => decide(`GET /api/now/table/incident?${query}`);
  passes(asked("sysparm_query=active%3Dtrue%5EORDERBYnumber"));
  passes(asked("sysparm_query=short_descriptionNOT+LIKE100%25"));
  for (const query of [
    "sysparm_query=active%253Dtrue",
    "sysparm_query=number=1%25%35%45",
    "sysparm_query=number=1%0AORDERBYx",
    "sysparm_query=number=1%0d",
    "sysparm_query=number=1%00",
    "sysparm_query=number=%ff",
    "sysparm_query=number=%c0%ae",
    "sysparm_query=number=%",
    "sysparm_query=number=%u0041",
    "sysparm_query=a=1;sysparm_fields=caller_id.email",
    "sysparm_query=a=1&sysparm_query=b=1",
    "sysparm_query=a=1&SYSPARM_QUERY=b=1",
    "sysparm_query=a=1&sysparm%5Fquery=b=1",
    "sysparm_query=a=1&sysparm_query[]=b=1",
    "sysparm_query=a=1&sysparm_query+=b=1",
    "sysparm_query=a=1&=b",
    "sysparm_tiny=abc",
    "sysparm_action=getRecords",
    "sysparm_query_no_domain=true",
    "displayvalue=true",
    "JSONv2",
    "_method=DELETE",
  ]) {
    const decision = asked(query);
    assert.ok(!decision.allowed && decision.status === 400, query);
    refuses(decision, "policy.parameter");
  }
});
