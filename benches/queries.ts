/**
 * Parses and prints encoded queries with the package and with plain JavaScript that checks nothing, in the same run. The two take turns,
 * so that other work on the machine slows both. Only the ratio is meaningful.
 */
import { execFileSync } from "node:child_process";
import { Query } from "sysparm/query";
import { pythonWithPeers } from "./peers/python.ts";

const QUERIES = [
  "active=true^priority<=2^ORstate=6^assigned_toISEMPTY^short_descriptionLIKEvpn^ORDERBYDESCsys_updated_on",
  "active=true^stateIN1,2,3^caller_id.name=Joe Doe^opened_at>=2026-09-29 07:30:40^category=network",
  "assignment_group=d625dccec0a8016700a222a0f7900d06^state!=7^priority=1^ORpriority=2^close_notesISNOTEMPTY",
];
const ROUNDS = 11;
const TRIPS = 60_000;
const TERM =
  /^(NQ|OR(?!DERBY))?(?:(ORDERBY(?:DESC)?)|([a-z0-9_.]+)(!=|<=|>=|=|<|>|LIKE|IN|ISEMPTY|ISNOTEMPTY|STARTSWITH))(.*)$/;

/** Parses into a tree and prints it, without any checks. */
function byHand(text: string): string {
  const any: [joint: string, field: string, operator: string, value: string][][] = [[]];
  for (const term of text.split("^")) {
    const [, joint = "", order, field = "", operator = "", value = ""] = TERM.exec(term) ?? [];
    if (joint === "NQ") any.push([]);
    any.at(-1)?.push([joint, order ?? field, operator, value]);
  }
  return any
    .map((all) => all.map(([joint, field, operator, value]) => joint + field + operator + value).join("^"))
    .join("^");
}

function timed(run: (text: string) => string): number {
  const began = performance.now();
  for (let trip = 0; trip < TRIPS; trip += 1) {
    const text = QUERIES[trip % QUERIES.length] as string;
    if (run(text).length !== text.length) throw new Error(`${run(text)} instead of ${text}`);
  }
  return ((performance.now() - began) / TRIPS) * 1000;
}

const packaged = (text: string) => Query.parse(text).toString();
timed(byHand);
timed(packaged);
const hand: number[] = [];
const own: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  hand.push(timed(byHand));
  own.push(timed(packaged));
}
const median = (numbers: number[]) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
console.log(`queries, string to string ${median(own).toFixed(2)} us (median; this machine, this moment)`);
console.log(`plain JavaScript          ${median(hand).toFixed(2)} us, unchecked`);
const ratios = own.map((time, round) => time / (hand[round] ?? Number.NaN));
console.log(
  `time, plain JavaScript 1  ${median(ratios).toFixed(2)} (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)})`,
);

const built = () =>
  Query.where("active")
    .is("true")
    .and("state")
    .in(["1", "2", "3"])
    .and("short_description")
    .contains("vpn")
    .and("priority")
    .lessThan(3)
    .orderByDescending("sys_updated_on")
    .toString();

const python = pythonWithPeers();
if (python === undefined) {
  console.log("pysnow's builder          not measured: python3 with venv or the package registry is missing");
} else {
  for (let trip = 0; trip < TRIPS; trip += 1) built();
  const rounds = Array.from({ length: 5 }, () => {
    const began = performance.now();
    for (let trip = 0; trip < TRIPS; trip += 1) built();
    const own = ((performance.now() - began) / TRIPS) * 1000;
    const string = timed(packaged);
    const [, peer] = execFileSync(python, ["benches/peers/pysnow_builder.py"], { encoding: "utf8" }).trim().split("\n");
    return { own, string, peer: Number(peer) };
  });
  const shown = (name: string, times: number[]) =>
    console.log(
      `${name}${median(times).toFixed(1)} times as long (${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)})`,
    );
  console.log(
    `pysnow's builder          ${median(rounds.map(({ peer }) => peer)).toFixed(2)} us, unchecked, four conditions and an order`,
  );
  shown(
    "  than string to string   ",
    rounds.map(({ peer, string }) => peer / string),
  );
  shown(
    "  than Query.where()      ",
    rounds.map(({ peer, own }) => peer / own),
  );
}
