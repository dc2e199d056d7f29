/** The reading in a Node of its own: `node --expose-gc --import tsx benches/million/node.ts URL ID SECRET` prints it as JSON. */
import { connect } from "sysparm";
import { readAll } from "./reading.ts";

const [url = "", clientId = "", clientSecret = ""] = process.argv.slice(2);
const collect = (globalThis as { gc?: () => void }).gc;
if (!collect) throw new Error("node needs --expose-gc");

/** What is left after a collection; twice, because the first one only notices what the second can free. */
async function held(): Promise<number> {
  for (let time = 0; time < 2; time += 1) {
    collect?.();
    await new Promise((wake) => setTimeout(wake, 20));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

console.log(JSON.stringify(await readAll(connect, url, { clientId, clientSecret }, held)));
