/** Reads a curl line. An option that is not carried over is a loss, never silently dropped. */
import { type AuthSetting, type Imported, newCollection, newRequest } from "../../workspace/model";
import { methodOf, splitAddress } from "./address";
import { dataBody } from "./curl-body";
import { type CurlOption, type CurlState, OPTIONS } from "./curl-options";
import { createIntake, ImportError, type Intake } from "./intake";
import { hideBody, hidePairs, takeHeaders } from "./secrecy";
import { shellWords } from "./shell-words";

export function importCurl(line: string): Imported {
  const intake = createIntake("curl");
  const { words, rest } = shellWords(line.replace(/^\s*[$>#%]\s+/, ""));
  if (!/(?:^|[/\\])curl(?:\.exe)?$/i.test(words[0] ?? "")) {
    throw new ImportError('The text does not begin with curl. Paste a line such as curl "https://…".');
  }
  const state = read(words.slice(1), intake);
  const [address = "", ...others] = state.addresses;
  if (address === "")
    throw new ImportError(
      "The curl line names no address. Add one, such as https://dev1.service-now.com/api/now/table/incident.",
    );
  for (const other of others)
    intake.lose(
      ["curl"],
      `address ${withoutUser(other)}`,
      "one request has one address; paste it as a line of its own",
    );
  if (rest !== "") intake.lose(["curl"], "command after curl", "only the curl command itself is read");

  const split = splitAddress(address);
  const { body, headers: withoutType, parameters: more } = dataBody(state, intake);
  const user = state.user ?? split.user;
  const given: AuthSetting =
    state.bearer !== undefined
      ? { kind: "bearer", token: intake.keep(state.bearer) }
      : user
        ? { kind: "basic", username: user.name, password: intake.keep(user.password) }
        : { kind: "inherit" };
  const { headers, auth } = takeHeaders(withoutType, given, intake);
  const method = state.method || (state.head ? "HEAD" : body.kind === "none" ? "GET" : state.get ? "GET" : "POST");
  const request = newRequest({
    name: pathOf(split.address),
    method: methodOf(method, intake, ["curl"]),
    address: split.address,
    parameters: hidePairs([...split.parameters, ...more], intake),
    headers,
    body: hideBody(body, intake),
    auth,
  });
  // A line is opened as a tab, without its collection: its variables go to the environment.
  return intake.finish([newCollection("curl", [request])], intake.takeHeld());
}

function read(words: readonly string[], intake: Intake): CurlState {
  const state: CurlState = { addresses: [], headers: [], data: [], form: [], method: "", get: false, head: false };
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    if (!word.startsWith("-") || word === "-") {
      state.addresses.push(word);
    } else if (word.startsWith("--")) {
      const equals = word.indexOf("=");
      const name = equals > 0 ? word.slice(0, equals) : word;
      const option = OPTIONS.get(name);
      if (!option) intake.lose(["curl"], `option ${name.slice(0, 40)}`, "this option is not known here");
      else if (!takesValue(option)) apply(option, name, "", state, intake);
      else if (equals > 0) apply(option, name, word.slice(equals + 1), state, intake);
      else apply(option, name, words[++at] ?? "", state, intake);
    } else {
      at = readShort(word, words, at, state, intake);
    }
  }
  return state;
}

/** `-sSLd text`, `-XPOST`: letters without a value may be joined, and a value may follow directly. */
function readShort(word: string, words: readonly string[], at: number, state: CurlState, intake: Intake): number {
  for (let letter = 1; letter < word.length; letter += 1) {
    const name = `-${word.charAt(letter)}`;
    const option = OPTIONS.get(name);
    if (!option) {
      intake.lose(["curl"], `option ${name}`, "this option is not known here");
    } else if (takesValue(option)) {
      const joined = word.slice(letter + 1);
      apply(option, name, joined === "" ? (words[at + 1] ?? "") : joined, state, intake);
      return joined === "" ? at + 1 : at;
    } else apply(option, name, "", state, intake);
  }
  return at;
}

function takesValue(option: CurlOption): boolean {
  return option.value === true;
}

function apply(option: CurlOption, name: string, value: string, state: CurlState, intake: Intake): void {
  option.set?.(state, value);
  if (option.lost !== undefined) intake.lose(["curl"], `option ${name}`, option.lost);
}

function pathOf(address: string): string {
  return address.replace(/^[a-z]+:\/\/[^/]*/i, "") || address;
}

function withoutUser(address: string): string {
  return splitAddress(address).address.slice(0, 80);
}
