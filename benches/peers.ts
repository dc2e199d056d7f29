/**
 * Reads a table to its last row with sysparm and with other libraries in the same run: axios in a loop and servicenow-rest-api page by
 * page, pysnow and snowloader row by row. All take turns, so that other work slows all of them. Only the ratios are meaningful.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { connect, type Instance, type ReadOptions } from "sysparm";
import { httpFetch } from "sysparm/node-http";
import { CLIENT_ID, CLIENT_SECRET, startPracticeInstance } from "../tests/harness/practice-instance.ts";
import { load, median, report, spread } from "./measures.ts";
import { peers, type ReadPage } from "./peers/javascript.ts";
import { pythonWithPeers } from "./peers/python.ts";

const ROWS = 50_000;
const PAGE = 1000;
const ROUNDS = 11;
const PYTHON_ROUNDS = 3;

const instance = await startPracticeInstance("--rows", String(ROWS), "--quiet");
const auth = { grant: "client_credentials", clientId: CLIENT_ID, clientSecret: CLIENT_SECRET } as const;
const options = { url: instance.url, auth, pace: { concurrency: 8 } };
const client = await connect(options);
// The other libraries send through Node's http, which costs less than its fetch. Therefore sysparm is also measured over http.
const overHttp = await connect({ ...options, fetch: httpFetch() });
try {
  console.log(`${ROWS} rows in pages of ${PAGE}; ${load()}`);
  const javascript = peers(instance.url, await client.token(), PAGE);
  if (javascript) {
    for (const atOnce of [1, 4, 8]) {
      const { axios, servicenowRestApi } = javascript;
      const by = { by: "offset", ahead: atOnce === 1 ? 0 : atOnce } as const;
      await compareWith(`axios, ${atOnce} at once`, by, () => inPages(axios, atOnce));
      // servicenow-rest-api always asks for display values.
      const labels = { ...by, displayValue: true };
      await compareWith(`servicenow-rest-api, ${atOnce} at once`, labels, () => inPages(servicenowRestApi, atOnce));
    }
  } else console.log("axios and servicenow-rest-api: not measured, the package registry is missing");
  const python = pythonWithPeers();
  if (python) for (const peer of ["pysnow", "snowloader"]) await rowByRow(python, peer);
  else console.log("pysnow and snowloader: not measured, python3 with venv or the package registry is missing");
} finally {
  client.close();
  overHttp.close();
  await instance.stop();
}

async function compareWith(name: string, options: ReadOptions, peer: () => Promise<number>): Promise<void> {
  const through = (client: Instance) => async () => {
    let seen = 0;
    for await (const { rows } of client.table("incident").pages({ pageSize: PAGE, ...options })) seen += rows.length;
    return seen;
  };
  const readers = [peer, through(client), through(overHttp)];
  for (const read of readers) await secondsOf(read);
  const ratios: number[] = [];
  const ratiosOverHttp: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const seconds: number[] = [];
    // The order rotates, so that none is always first.
    for (const turn of readers.keys()) {
      const place = (turn + round) % readers.length;
      seconds[place] = await secondsOf(readers[place] as typeof peer);
    }
    const [of = 0, own = 0, ownOverHttp = 0] = seconds;
    ratios.push(of / own);
    ratiosOverHttp.push(of / ownOverHttp);
  }
  report(name, `sysparm reads ${spread(ratios, 2)} times as fast`, "above 1");
  report(`${name}, over Node's http`, `sysparm reads ${spread(ratiosOverHttp, 2)} times as fast`, "above 1");
}

async function rowByRow(python: string, peer: string): Promise<void> {
  const own = async () => {
    let seen = 0;
    for await (const _ of client.table("incident").rows({ pageSize: PAGE, ahead: 0 })) seen += 1;
    return seen;
  };
  await secondsOf(own);
  const ratios: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round < PYTHON_ROUNDS; round += 1) {
    const time = await secondsOf(own);
    const program = ["benches/peers/reading.py", peer, instance.url.slice("http://".length), String(PAGE)];
    const { stdout } = await promisify(execFile)(python, program);
    const [rows, seconds = Number.NaN] = stdout.split(" ").map(Number);
    if (rows !== ROWS) throw new Error(`${peer} read ${rows} of ${ROWS} rows`);
    ratios.push(seconds / time);
    rates.push(ROWS / seconds);
  }
  const rate = `${Math.round(median(rates))} rows a second`;
  report(`${peer}, row by row, ${rate}`, `sysparm reads ${spread(ratios, 1)} times as fast`, "above 1");
}

async function inPages(read: ReadPage, atOnce: number): Promise<number> {
  let seen = 0;
  let next = 0;
  const work = async () => {
    while (next < ROWS) {
      const offset = next;
      next += PAGE;
      const rows = await read(offset);
      seen += rows.length;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return seen;
}

async function secondsOf(read: () => Promise<number>): Promise<number> {
  const began = performance.now();
  const seen = await read();
  if (seen !== ROWS) throw new Error(`${seen} of ${ROWS} rows`);
  return (performance.now() - began) / 1000;
}
