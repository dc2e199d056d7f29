// Creates an incident and says what to do about each kind of failure: node index.mjs "SHORT DESCRIPTION"
import {
  AuthenticationError,
  AuthorizationError,
  CircuitOpenError,
  connect,
  RateLimitError,
  RecordError,
  SysparmError,
  UnknownOutcomeError,
} from "sysparm";

const { SYSPARM_URL, SYSPARM_CLIENT_ID, SYSPARM_CLIENT_SECRET } = process.env;
const [description] = process.argv.slice(2);
if (!description) throw new Error('Usage: node index.mjs "SHORT DESCRIPTION"');

try {
  const instance = await connect({
    url: SYSPARM_URL,
    auth: { grant: "client_credentials", clientId: SYSPARM_CLIENT_ID, clientSecret: SYSPARM_CLIENT_SECRET },
  });
  // With a correlation a lost answer is looked up: the incident exists once, whatever the network does.
  const correlation = { field: "correlation_id" };
  const made = await instance.table("incident").create({ short_description: description }, { correlation });
  console.log(`created ${made.number}`);
  await instance.close();
} catch (error) {
  if (!(error instanceof SysparmError)) throw error;
  console.error(error.message);
  console.error(advice(error));
  for (const { title, fix } of error.diagnosis.causes) console.error(`  ${title}: ${fix[0] ?? ""}`);
  process.exitCode = 1;
}

function advice(error) {
  if (error instanceof AuthenticationError)
    return "Ask the administrator to check the client, its secret and its user.";
  if (error instanceof AuthorizationError) return "Ask the administrator for the role that the causes name.";
  if (error instanceof RateLimitError || error instanceof CircuitOpenError) {
    // A limit in front of the instance may not say when it ends.
    return error.resumesAt ? `Try again at ${new Date(error.resumesAt).toISOString()}.` : "Try again later.";
  }
  if (error instanceof UnknownOutcomeError) return "Look for the incident before you create it again.";
  if (error instanceof RecordError) return "A rule of the instance refused the values.";
  return error.diagnosis.retry.when === "never" ? "The request cannot work as it is." : "Try again later.";
}
