/** Address and credentials from environment variables: arguments of a program are visible to other users of a machine. */
import type { Auth, ConnectOptions } from "sysparm";
import { UsageError, type World } from "./command.js";

interface Way {
  /** Every one of them must be set. */
  variables: string[];
  auth(...values: string[]): Auth;
}

/** The first whose variables are all set is taken. */
const WAYS: Way[] = [
  { variables: ["SYSPARM_TOKEN"], auth: (token = "") => ({ token }) },
  { variables: ["SYSPARM_API_KEY"], auth: (apiKey = "") => ({ apiKey }) },
  {
    variables: ["SYSPARM_CLIENT_ID", "SYSPARM_CLIENT_SECRET", "SYSPARM_USERNAME", "SYSPARM_PASSWORD"],
    auth: (clientId = "", clientSecret = "", username = "", password = "") => {
      return { grant: "password", clientId, clientSecret, username, password };
    },
  },
  {
    variables: ["SYSPARM_CLIENT_ID", "SYSPARM_CLIENT_SECRET"],
    auth: (clientId = "", clientSecret = "") => ({ grant: "client_credentials", clientId, clientSecret }),
  },
  {
    variables: ["SYSPARM_USERNAME", "SYSPARM_PASSWORD"],
    auth: (username = "", password = "") => ({ username, password }),
  },
];

/** The environment variables, for the help. */
export const ENVIRONMENT = `Environment:
  SYSPARM_URL  the instance's address: https://dev12345.service-now.com
  and one of:
${WAYS.map(({ variables }) => `  ${variables.join(", ")}`).join("\n")}
`;

/** Options of `connect()`. @throws UsageError that names what is missing or invalid */
export function connectOptions(environment: World["environment"]): ConnectOptions {
  const url = environment.SYSPARM_URL;
  const advice = "Set it to the instance's address: https://dev12345.service-now.com";
  if (!url) throw new UsageError(`Missing environment variable \`SYSPARM_URL\`. ${advice}`);
  if (!URL.canParse(url)) throw new UsageError(`Invalid environment variable \`SYSPARM_URL\`: no https://. ${advice}`);
  const way = WAYS.find(({ variables }) => variables.every((name) => environment[name]));
  if (!way) throw new UsageError(`Missing credentials. Set environment variables.\n\n${ENVIRONMENT}`);
  return { url, auth: way.auth(...way.variables.map((name) => environment[name] ?? "")) };
}
