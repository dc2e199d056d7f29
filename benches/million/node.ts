/** Reads in a separate Node process: `node --expose-gc --import tsx benches/million/node.ts URL ID SECRET` prints the result as JSON. */
import { connect } from "sysparm";
import { readAll } from "./reading.ts";

const [url = "", clientId = "", clientSecret = ""] = process.argv.slice(2);
const collect = (globalThis as { gc?: () => void }).gc;
if (!collect) throw new Error("node needs --expose-gc");

/** The memory in use after garbage collection. Collects twice, because the second run frees what the first one finalised. */
async function held(): Promise<number> {
  for (let time = 0; time < 2; time += 1) {
    collect?.();
    await new Promise((wake) => setTimeout(wake, 20));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

console.log(JSON.stringify(await readAll(connect, url, { clientId, clientSecret }, held)));
