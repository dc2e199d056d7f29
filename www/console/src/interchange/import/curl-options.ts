/** The options of curl that a request can carry, and those that say nothing about the request itself. */

export interface CurlState {
  addresses: string[];
  headers: string[];
  data: { kind: "data" | "raw" | "binary" | "urlencode" | "json"; text: string }[];
  form: { text: string; literal: boolean }[];
  method: string;
  get: boolean;
  head: boolean;
  user?: { name: string; password: string };
  bearer?: string;
}

export interface CurlOption {
  value?: boolean;
  set?: (state: CurlState, value: string) => void;
  /** Why the option has no effect here. Undefined if nothing is lost. */
  lost?: string;
}

const silent: CurlOption = {};

function data(kind: CurlState["data"][number]["kind"]): CurlOption {
  return { value: true, set: (state, text) => void state.data.push({ kind, text }) };
}

function header(name: string): CurlOption {
  return { value: true, set: (state, value) => void state.headers.push(`${name}: ${value}`) };
}

function lost(why: string, value = false): CurlOption {
  return { value, lost: why };
}

const CERTIFICATE = "a page cannot choose a certificate; use the worker";
const NETWORK = "the browser decides how it connects";
const OUTPUT = "replies are shown here, not written to files";

const TABLE: [names: string, option: CurlOption][] = [
  [
    "-X --request",
    {
      value: true,
      set: (state, value) => {
        state.method = value;
      },
    },
  ],
  ["--url", { value: true, set: (state, value) => void state.addresses.push(value) }],
  ["-H --header", { value: true, set: (state, value) => void state.headers.push(value) }],
  ["-d --data --data-ascii", data("data")],
  ["--data-raw", data("raw")],
  ["--data-binary", data("binary")],
  ["--data-urlencode", data("urlencode")],
  ["--json", data("json")],
  ["-F --form", { value: true, set: (state, text) => void state.form.push({ text, literal: false }) }],
  ["--form-string", { value: true, set: (state, text) => void state.form.push({ text, literal: true }) }],
  [
    "-G --get",
    {
      set: (state) => {
        state.get = true;
      },
    },
  ],
  [
    "-I --head",
    {
      set: (state) => {
        state.head = true;
      },
    },
  ],
  [
    "-u --user",
    {
      value: true,
      set: (state, value) => {
        const colon = value.indexOf(":");
        state.user =
          colon < 0 ? { name: value, password: "" } : { name: value.slice(0, colon), password: value.slice(colon + 1) };
      },
    },
  ],
  [
    "--oauth2-bearer",
    {
      value: true,
      set: (state, value) => {
        state.bearer = value;
      },
    },
  ],
  ["-A --user-agent", header("User-Agent")],
  ["-e --referer", header("Referer")],
  [
    "-b --cookie",
    {
      value: true,
      // Without `=` it is the name of a file.
      set: (state, value) => {
        if (value.includes("=")) state.headers.push(`Cookie: ${value}`);
      },
      lost: "a browser sends its own cookies; use the worker if the call needs this one",
    },
  ],
  ["-k --insecure", lost("a browser checks every certificate")],
  ["-L --location --location-trusted", silent],
  ["--compressed", silent],
  ["--basic", silent],
  ["-s --silent", silent],
  ["-S --show-error", silent],
  ["-v --verbose", silent],
  ["-i --include --show-headers", silent],
  ["-f --fail --fail-with-body", silent],
  ["-# --progress-bar --no-progress-meter", silent],
  ["-N --no-buffer -g --globoff", silent],
  ["-o --output", lost(OUTPUT, true)],
  ["-O --remote-name -J --remote-header-name", lost(OUTPUT)],
  ["-w --write-out -D --dump-header -c --cookie-jar", lost(OUTPUT, true)],
  [
    "-m --max-time --connect-timeout --retry --retry-delay",
    lost("the environment decides about time and repeating", true),
  ],
  ["-x --proxy -U --proxy-user --resolve --interface --connect-to", lost(NETWORK, true)],
  ["--http1.0 --http1.1 --http2 --http3 -4 --ipv4 -6 --ipv6 -0 -1 --tlsv1.2 --tlsv1.3", lost(NETWORK)],
  ["-E --cert --key --cacert --capath --cert-type --pass", lost(CERTIFICATE, true)],
  ["--digest --ntlm --negotiate --anyauth", lost("this way to sign in is not available")],
  ["-T --upload-file", lost("choose the file as the body of the request", true)],
  ["-r --range --limit-rate --aws-sigv4", lost("this option has no counterpart", true)],
];

export const OPTIONS: ReadonlyMap<string, CurlOption> = new Map(
  TABLE.flatMap(([names, option]) => names.split(" ").map((name): [string, CurlOption] => [name, option])),
);
