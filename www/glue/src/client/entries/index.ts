/** The exports of `sysparm`, on every platform. */

export {
  AuthenticationError,
  AuthorizationError,
  CircuitOpenError,
  InstanceError,
  RateLimitError,
  RecordError,
  RequestError,
  SysparmError,
  UnknownOutcomeError,
} from "../../errors/index.js";
export { connect } from "../connect.js";
export { load } from "../wasm.js";
