import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "../../../www/worker/src/gateway/path-rule.ts";
import { LONGEST_TARGET } from "../../../www/worker/src/policy/policy.ts";

const passes = (target: string) => judge(target);

test("paths of ServiceNow's APIs pass unchanged", () => {
  for (const target of [
    "/api/now/table/incident",
    "/api/now/v2/table/incident/9c573169c611228700193229fff72400",
    "/api/now/table/incident?sysparm_query=active%3Dtrue%5EORDERBYsys_id&sysparm_limit=10",
    "/api/now/table/incident?sysparm_query=active=true^priority|{x}`[y]&a=%zz&b=%2e%2e/..//%00",
    "/api/now/stats/incident?sysparm_count=true",
    "/api/now/attachment/003a3ef24ff1120031577d2ca310c74b/file",
    "/api/now/table/sys_domain/global",
    "/api/now/table/u_caf%C3%A9/a%20b",
    "/api/now/table/%E5%A0%B1%E5%91%8A/%F0%9F%93%84",
    "/api/now/table/incident?",
    "/api/now/table/incident??",
    "/api/now/table/a:b@c$d!e&f'g(h)i*j+k,l=m~n",
  ]) {
    assert.deepEqual(passes(target), { passes: true, target });
  }
});

test("everything outside /api/now/ is refused", () => {
  for (const target of [
    "",
    "/",
    "/api",
    "/api/",
    "/api/now",
    "/api/now?x=/api/now/",
    "/api/nowhere/table/incident",
    "/API/now/table/incident",
    "/api/Now/table/incident",
    "/oauth_token.do",
    "/oauth_token.do?/api/now/x",
    "/login.do",
    "/sys_user_list.do?JSONv2",
    "/api/x_scope/own/api",
    "/stats.do",
    "//evil.example/api/now/x",
    "//api/now/table/incident",
    "/%61pi/now/table/incident",
    "/api%2fnow/table/incident",
    "\\api\\now\\x",
    "api/now/x",
    "*",
    "?/api/now/x",
    "#/api/now/x",
  ]) {
    const answer = passes(target);
    assert.equal(answer.passes, false, target);
  }
});

test("paths that servers may read differently are refused", () => {
  for (const rest of [
    "",
    ".",
    "..",
    "./table",
    "../oauth_token.do",
    "table/../../../oauth_token.do",
    "table/..",
    "table/.",
    "...",
    "..%20",
    "%20..",
    "table/..%20/x",
    "table/.hidden",
    "table//incident",
    "table/incident/",
    "/table",
    "%2e%2e/oauth_token.do",
    "%2E%2E/oauth_token.do",
    ".%2e/oauth_token.do",
    "%2e./oauth_token.do",
    "%252e%252e/oauth_token.do",
    "..%2foauth_token.do",
    "..%2Foauth_token.do",
    "..%5coauth_token.do",
    "..\\oauth_token.do",
    "table\\incident",
    "..;/oauth_token.do",
    "..;x=y/oauth_token.do",
    "table;jsessionid=1/incident",
    "%2e%2e%3b/oauth_token.do",
    "table/incident%00.png",
    "table/incident%0d%0aHost:%20evil.example",
    "table/incident%3fsysparm_limit=1",
    "table/incident%23x",
    "table/incident%7f",
    "table/inc ident",
    "table/inc\tident",
    "table/inc\nident",
    "table/inc\rident",
    "table/incident\u0000",
    "table/caf\u00e9",
    "table/\u2025/x",
    "table/\uff0e\uff0e/x",
    "table/^x",
    'table/"x"',
    "table/<x>",
    "table/`x`",
    "table/{x}",
    "table/x|y",
    "table/[x]",
    "table/%",
    "table/%2",
    "table/%zz",
    "table/%u002e",
    "table/incident#fragment",
    "table/incident?a#b",
    "table/incident?a b",
    "table/incident?a\tb",
    "table/incident?a\nb",
    "table/incident?\u00e9",
    "table/incident?a\\b",
  ]) {
    const answer = passes(`/api/now/${rest}`);
    assert.equal(answer.passes, false, JSON.stringify(rest));
    assert.ok(!answer.passes && answer.status === 403 && answer.why.length > 10, rest);
  }
});

test("path that is not valid UTF-8 is refused", () => {
  for (const bytes of [
    "%80",
    "%c0%ae%c0%ae",
    "%e0%80%ae",
    "%f0%80%80%af",
    "%c0%af",
    "%c1%9c",
    "%ed%a0%80",
    "%ed%a0%bd%ed%b8%80",
    "%f4%90%80%80",
    "%f8%80%80%80%ae",
    "%fe",
    "%ff",
    "%c3",
    "%c3/%a9",
    "%e2%80",
    "caf%e9",
    "%c3(",
  ]) {
    for (const rest of [bytes, `table/${bytes}/x`, `table/a${bytes}`]) {
      const answer = passes(`/api/now/${rest}`);
      assert.ok(!answer.passes && answer.status === 403, rest);
    }
  }
});

/** Best-fit mappings of 8-bit character sets; Unicode's compatibility folding does not change these. */
const FITTED = "\u2044\u2215\u2216\u29f5\u29f8\u29f9\u3002";

test("character that folds to a separator, dot or space is refused", () => {
  let hostile = 0;
  let passed = 0;
  for (let point = 0x80; point <= 0x10ffff; point += 1) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const letter = String.fromCodePoint(point);
    const folded = letter.normalize("NFKC");
    const isHostile =
      /[./\\;?#%\s\p{Cc}\p{Cf}]/u.test(folded) ||
      /\p{DI}/u.test(letter) ||
      [...folded].some((one) => FITTED.includes(one));
    const answer = passes(`/api/now/table/a${encodeURIComponent(letter)}b`);
    if (answer.passes === isHostile) assert.fail(`U+${point.toString(16)} ${isHostile ? "passes" : "is refused"}`);
    if (isHostile) hostile += 1;
    else passed += 1;
  }
  assert.ok(hostile > 100 && passed > 1_000_000, `${hostile} and ${passed}`);
});

test("segments that fold to dot segments are refused", () => {
  for (const letters of [
    "\uff0e\uff0e",
    "\u2025",
    "\u2026",
    "\u2024\u2024",
    "\ufe52.",
    "a\uff0f..",
    "\u2100",
    "\u2488",
    "\uff05",
    "\u00a0..",
    "\u200b..",
    "\u3164",
  ]) {
    for (const rest of [letters, `table/${letters}/oauth_token.do`]) {
      const target = `/api/now/${encodeURI(rest)}`;
      assert.equal(passes(target).passes, false, target);
    }
  }
});

test("target longer than the limit is refused", () => {
  const longest = "/api/now/table/incident?sysparm_query=".padEnd(LONGEST_TARGET, "a");
  assert.equal(passes(longest).passes, true);
  const answer = passes(`${longest}a`);
  assert.ok(!answer.passes && answer.status === 414);
});

test("hostile targets that pass stay within /api/now/", () => {
  const pieces = [
    "/",
    "//",
    ".",
    "..",
    "%2e",
    "%2E",
    "%2f",
    "%5c",
    "\\",
    ";",
    "%3b",
    "%25",
    "%00",
    "?",
    "#",
    "@",
    ":",
    "a",
    "table",
    "~",
    "%20",
    "^",
    "é",
    "\t",
    "evil.example",
    "api",
    "now",
    "%61",
    "%c3%a9",
    "%c0%ae",
    "%e2%80%a5",
    "%ef%bc%8e",
    "%ef%bc%8f",
    "%c2%a0",
  ];
  let state = 20_261_117;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let passed = 0;
  for (let round = 0; round < 200_000; round += 1) {
    const target =
      (next(8) === 0 ? "" : "/api/now/") +
      Array.from({ length: 1 + next(6) }, () => pieces[next(pieces.length)]).join("");
    const answer = passes(target);
    if (!answer.passes) continue;
    passed += 1;
    const parsed = new URL(`https://instance.example${target}`);
    assert.equal(parsed.host, "instance.example", target);
    assert.equal(parsed.pathname, target.split("?")[0], target);
    // Decoded as the most lenient parser would.
    const decoded = decodeURIComponent(parsed.pathname).normalize("NFKC");
    assert.ok(new URL(`https://instance.example${decoded}`).pathname.startsWith("/api/now/"), target);
    assert.ok(!/[\\;?#%\p{Cc}]|\/\/|\/\.{1,2}(?:\/|$)/u.test(decoded), target);
  }
  assert.ok(passed > 1_000, `only ${passed} passed, so little was shown`);
});
