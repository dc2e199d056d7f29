/** The exports of `sysparm`, on every platform. */
export { connect } from "../connect.js";
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
} from "../errors.js";
export { load } from "../wasm.js";
