/** What the package exports, whatever the platform. */
export { connect } from "./connect.js";
export {
  AuthenticationError,
  AuthorizationError,
  InstanceError,
  RateLimitError,
  RecordError,
  RequestError,
  SysparmError,
  UnknownOutcomeError,
} from "./errors.js";
export { load } from "./wasm.js";
