/** What is particular to each way of signing in: its name, the credential, its renewal, and the causes of the catalogue that fit it. */
import type { AuthMethod } from "sysparm/environments";

export interface MethodWords {
  name: string;
  /** What proves who it is. */
  credential: string;
  /** How a token or session comes about and is renewed, without a person. */
  renewal: string;
  /** What a person does when the credential must be replaced. */
  replacing: readonly string[];
  /** Codes of causes. */
  causes: readonly string[];
}

const OF_TOKENS = [
  ...["token.expired", "token.revoked", "policy.without-oauth", "scope.record-restricted", "scope.not-attached"],
  ...["oauth.inactive", "oauth.endpoint-down", "oauth.session-cookie", "oauth.user-read-only"],
];
const NEW_SECRET = [
  "Record the new secret where the credential lives, and deploy it.",
  "In {registry}, set the new Client Secret of {clientId}: the old one stops working at once.",
  "Watch for 401 with server_error at /oauth_token.do, which a wrong secret gives.",
];

export const METHODS_IN_WORDS: Readonly<Record<AuthMethod, MethodWords>> = {
  client_credentials: {
    name: "OAuth 2.0 client credentials",
    credential: "client id and client secret",
    renewal:
      "A new access token is requested with the client secret before the old one ends. There is no refresh token.",
    replacing: NEW_SECRET,
    causes: [
      ...["oauth.client-credentials-wrong", "oauth.grant-off", "oauth.application-user-missing"],
      ...["oauth.application-user-blocked", "oauth.token-of-guest", ...OF_TOKENS],
    ],
  },
  password: {
    name: "OAuth 2.0 password grant",
    credential: "client id, client secret, user name and password",
    renewal: "The access token is renewed with the refresh token; when that has ended, with the password.",
    replacing: [...NEW_SECRET, "Set a new password of {user}, and record it in the same place."],
    causes: [
      ...[
        "oauth.user-password-wrong",
        "oauth.user-needs-more",
        "oauth.password-grant-off",
        "oauth.client-credentials-wrong",
      ],
      ...["oauth.refresh-token-expired", "oauth.refresh-token-revoked", ...OF_TOKENS],
    ],
  },
  authorization_code: {
    name: "OAuth 2.0 authorization code",
    credential: "client id, a client secret unless it is a public client, and the refresh token of each user",
    renewal:
      "The access token is renewed with the refresh token, whose life is not lengthened by its use: then the person signs in again.",
    replacing: ["Have the person sign in again before the refresh token ends.", ...NEW_SECRET],
    causes: [
      ...[
        "oauth.refresh-token-expired",
        "oauth.refresh-token-revoked",
        "oauth.redirect-not-registered",
        "oauth.state-missing",
      ],
      ...[
        "oauth.code-expired",
        "oauth.code-mismatch",
        "oauth.client-credentials-wrong",
        "oauth.client-not-public",
        ...OF_TOKENS,
      ],
    ],
  },
  refresh_token: {
    name: "OAuth 2.0 refresh token, obtained elsewhere",
    credential: "client id, client secret and refresh token",
    renewal: "The access token is renewed with the refresh token, whose life is not lengthened by its use.",
    replacing: [
      "Obtain a new refresh token before the old one ends, and record it where the credential lives.",
      ...NEW_SECRET,
    ],
    causes: [
      "oauth.refresh-token-expired",
      "oauth.refresh-token-revoked",
      "oauth.client-credentials-wrong",
      ...OF_TOKENS,
    ],
  },
  jwt_bearer: {
    name: "OAuth 2.0 JWT bearer",
    credential: "client id, client secret and the private key that signs assertions",
    renewal:
      "A new assertion is signed and exchanged for an access token before the old one ends. There is no refresh token.",
    replacing: [
      "Make a new key pair, and upload its certificate with a new JWT Verifier Map (its kid), next to the old one.",
      "Let the integration sign with the new key and kid, then remove the old map.",
      ...NEW_SECRET,
    ],
    causes: [
      ...["jwt.claims", "jwt.key-unknown", "jwt.subject", "jwt.subject-is-admin", "jwt.time"],
      ...["oauth.client-credentials-wrong", ...OF_TOKENS],
    ],
  },
  token: {
    name: "access token supplied from elsewhere",
    credential: "an access token that another program obtains",
    renewal: "The other program renews it.",
    replacing: ["See the runbook of the program that supplies the token."],
    causes: ["token.source", ...OF_TOKENS],
  },
  api_key: {
    name: "REST API key",
    credential: "an API key, sent as x-sn-apikey",
    renewal: "None: the key is sent with every request until it ends.",
    replacing: [
      "Make a second REST API Key for {user}, and record its token where the credential lives: it is shown once.",
      "Deploy it, see that calls work, then make the old key inactive.",
    ],
    causes: ["key.wrong", "key.without-policy", "key.place"],
  },
  basic: {
    name: "Basic authentication",
    credential: "user name and password",
    renewal: "None: the password is sent with every request.",
    replacing: ["Set a new password of {user}, record it where the credential lives, and deploy it at the same time."],
    causes: ["basic.wrong", "basic.restricted", "policy.without-basic", "mfa.for-integrations"],
  },
  hmac: {
    name: "HMAC signatures",
    credential: "a key id and a shared secret",
    renewal: "None: every request is signed with the shared secret.",
    replacing: ["Make a second REST API HMAC Secret for {user}, record and deploy it, then make the old one inactive."],
    causes: ["credentials.not-sent"],
  },
  certificate: {
    name: "client certificate (mutual TLS)",
    credential: "a certificate and its private key",
    renewal: "None: the certificate is shown with every connection.",
    replacing: [
      "Have a new certificate issued, map it to {user} in sys_user_certificate, deploy it, then remove the old one.",
    ],
    causes: ["certificate.not-mapped"],
  },
  session: {
    name: "session of a signed-in person",
    credential: "the session cookie of a browser",
    renewal: "None: the person signs in again.",
    replacing: ["Nothing is to be replaced. Use an account and a grant of its own for anything that runs unattended."],
    causes: ["session.user-token", "session.shared-cookie", "session.roles-lost"],
  },
};

/** Causes that fit every way of signing in. */
export const COMMON_CAUSES = [
  ...["credentials.not-sent", "acl.role-missing", "acl.row-hidden", "acl.field", "query.unknown-field"],
  ...[
    "rate.rule-reached",
    "capacity.api-int",
    "quota.query-too-heavy",
    "instance.restart",
    "instance.ip-access-control",
  ],
];

/** Causes of calls that write, or that use an API. */
export const CAUSES_BY_USE: Readonly<Record<string, readonly string[]>> = {
  write: ["acl.write-role-missing", "record.data-policy", "record.business-rule", "write.answer-lost"],
  "Import Set API": ["import.no-map", "import.target-hidden", "import.transform-failed"],
  "Attachment API": ["attachment.size", "attachment.type", "attachment.role"],
  "Batch API": ["batch.limit"],
  "Service Catalog API": ["catalog.user-criteria", "catalog.answer-left-out"],
};
