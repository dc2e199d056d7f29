/** Scripts are not run. Two common lines are understood: a check of the status, and a variable taken from the reply. */
import { type Assertion, type Extraction, newId } from "../../workspace/model";
import type { Intake, Where } from "./intake";
import { field, list, text } from "./reading";

export interface Understood {
  assertions: Assertion[];
  extractions: Extraction[];
}

/** Every script is a loss, except one whose every line was understood. */
export function postmanScripts(events: unknown, where: Where, intake: Intake): Understood {
  const found: Understood = { assertions: [], extractions: [] };
  for (const event of list(events)) {
    const script = field(event, "script");
    const lines = typeof script === "string" ? script : field(script, "exec");
    const code = (Array.isArray(lines) ? lines.map(text).join("\n") : text(lines)).trim();
    if (code === "" || field(event, "disabled") === true) continue;
    const test = field(event, "listen") === "test";
    if (!test) intake.lose(where, "pre-request script", "scripts are not run");
    else if (!understand(code, found)) intake.lose(where, "test script", "scripts are not run");
  }
  return found;
}

/** Line by line, so that a text of any size costs in proportion. Returns whether nothing is left over. */
function understand(code: string, found: Understood): boolean {
  let whole = true;
  for (const line of code.split("\n").map((one) => one.trim())) {
    if (line === "" || line.startsWith("//") || line.length > 1000 || /^\}\);?$/.test(line)) continue;
    const status = /^(?:pm\.test\(.{0,200}\{ ?)?pm\.response\.to\.have\.status\((\d{3})\);?(?: ?\}\);?)?$/.exec(
      line,
    )?.[1];
    const taken =
      /^pm\.(?:environment|collectionVariables|globals)\.set\("([\w.-]{1,80})", ?pm\.response\.json\(\)((?:\??\.[A-Za-z_]\w*|\[\d+\]){0,20})\);?$/.exec(
        line,
      );
    if (status !== undefined) {
      found.assertions.push({ id: newId(), on: true, subject: "status", operator: "is", value: status });
    } else if (taken) {
      const path = `$${(taken[2] ?? "").replaceAll("?.", ".")}`;
      found.extractions.push({ id: newId(), on: true, variable: taken[1] ?? "", from: "body", path });
    } else if (!/^pm\.test\(.{0,200}\{$/.test(line)) whole = false;
  }
  return whole;
}
