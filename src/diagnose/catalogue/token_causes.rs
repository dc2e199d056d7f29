//! Causes of refusals by the token endpoint.

#![cfg_attr(not(feature = "circumstances"), allow(dead_code, reason = "fewer rows, fewer causes"))]

use crate::diagnose::model::diagnosis::{Cause, Explanation};

pub(crate) const CLIENT_WRONG: Cause = Cause::new(
    "oauth.client-credentials-wrong",
    40,
    Explanation {
        title: "The client id or the client secret is wrong, or the registry record is not active",
        tell_apart: "Copy both again from the registry record; a secret just rotated is refused at once.",
        fix: &[
            "Under {registry} open the record of {clientId} and compare the Client ID letter by letter; show the Client Secret with the lock and copy it again.",
            "Check that the record is active, and that it is a record of {url}.",
            "If in doubt set a new secret and give it to the integration.",
        ],
        source: "KB0725643",
    },
);

pub(crate) const GRANT_OFF: Cause = Cause::new(
    "oauth.grant-off",
    30,
    Explanation {
        title: "The client credentials grant is not switched on: its property is absent by default",
        tell_apart: "The property is missing in sys_properties, or the release is older than Washington DC.",
        fix: &[
            "{since washingtondc}Create the system property (sys_properties.list > New): Name: glide.oauth.inbound.client.credential.grant_type.enabled. Type: true | false. Value: true.",
            "{before washingtondc}Take a grant other than client credentials: there is no such property yet.",
        ],
        source: "documentation page \"Create a client credentials system property\"",
    },
);

pub(crate) const APPLICATION_USER_MISSING: Cause = Cause::new(
    "oauth.application-user-missing",
    15,
    Explanation {
        title: "The registry record has no OAuth Application User",
        tell_apart: "oauth_entity.user is empty.",
        fix: &[
            "Under {registry} open the record of {clientId} and choose the integration's user as OAuth Application User.",
            "{before zurich}If the field is not on the form, add it: form menu > Configure > Form Design.",
        ],
        source: "documentation page \"Add an OAuth application user\"",
    },
);

pub(crate) const APPLICATION_USER_BLOCKED: Cause = Cause::new(
    "oauth.application-user-blocked",
    10,
    Explanation {
        title: "The OAuth Application User is inactive, locked out, or must reset its password",
        tell_apart: "sys_user shows active=false, locked_out=true or password_needs_reset=true.",
        fix: &[
            "Under User Administration > Users open {user}: tick Active, untick Locked out and Password needs reset.",
        ],
        source: "KB0725643",
    },
);

pub(crate) const SCOPE_NOT_ATTACHED: Cause = Cause::new(
    "oauth.scope-not-attached",
    90,
    Explanation {
        title: "A scope was asked for that the application registry record does not have",
        tell_apart: "The same request without scope succeeds.",
        fix: &[
            "Attach {scope} to the {record} of {clientId} (Auth Scope), or send no scope: the token then has what the record has.",
            "If it is attached and still refused, make a new {record}.",
        ],
        source: "documentation page \"REST API Auth Scope\"",
    },
);

pub(crate) const SESSION_COOKIE: Cause = Cause::new(
    "oauth.session-cookie",
    65,
    Explanation {
        title: "The request carried a session cookie, so the instance did not take it for an integration's",
        tell_apart: "The same request without its Cookie header succeeds, as it does from curl.",
        fix: &["Send the request for a token without cookies (in a browser: credentials \"omit\")."],
        source: "KB2423799",
    },
);

pub(crate) const NO_FORM: Cause = Cause::new(
    "oauth.no-form",
    85,
    Explanation {
        title: "The body is not a form: the token endpoint reads application/x-www-form-urlencoded and nothing else",
        tell_apart: "The same values as a form succeed.",
        fix: &["Send the parameters as a form, with Content-Type: application/x-www-form-urlencoded."],
        source: "documentation page \"OAuth API request parameters\"",
    },
);

pub(crate) const PARAMETERS_IN_URL: Cause = Cause::new(
    "oauth.parameters-in-url",
    75,
    Explanation {
        title: "The parameters stand in the address, and the instance reads those of the body only",
        tell_apart: "The same parameters in the body succeed; glide.oauth.allow.parameters.in.post.body.only is true.",
        fix: &["Send every parameter in the body: an address also ends up in logs."],
        source: "documentation page \"Restrict OAuth parameters to the POST body\"",
    },
);

pub(crate) const REFRESH_TOKEN_DEAD: Cause = Cause::new(
    "oauth.refresh-token-expired",
    65,
    Explanation {
        title: "The refresh token's own life is over (100 days by default; using it does not extend it)",
        tell_apart: "The time since the first grant is longer than oauth_entity.refresh_token_lifespan.",
        fix: &[
            "Sign in again to get another refresh token: using one does not lengthen its life.",
            "Raise Refresh Token Lifespan on the {record} of {clientId} (8640000 s, 100 days, is the default), or use client credentials, which need no refresh.",
        ],
        source: "documentation page \"OAuth API request parameters\"",
    },
);

pub(crate) const REFRESH_TOKEN_REVOKED: Cause = Cause::new(
    "oauth.refresh-token-revoked",
    15,
    Explanation {
        title: "The refresh token was revoked, under System OAuth > Manage Tokens or by another program that shares it",
        tell_apart: "oauth_credential has no refresh token of this user and client that is still alive.",
        fix: &["Sign in again; let no program revoke a token that others use."],
        source: "documentation page \"Manage tokens\"",
    },
);

pub(crate) const CODE_DEAD: Cause = Cause::new(
    "oauth.code-expired",
    50,
    Explanation {
        title: "The authorization code was too old (60 s by default) or had been used before",
        tell_apart: "A fresh code, exchanged at once and only once, is accepted.",
        fix: &[
            "Exchange the code as soon as the redirect arrives, and never twice (a reloaded page sends it again).",
            "Raise Auth code lifespan on the {record} of {clientId} (auth_code_lifespan; 60 s is the default).",
        ],
        source: "documentation page \"Authorization code grant workflow\"",
    },
);

pub(crate) const CODE_MISMATCH: Cause = Cause::new(
    "oauth.code-mismatch",
    25,
    Explanation {
        title: "redirect_uri or code_verifier is not the one that the code was asked for with",
        tell_apart: "Compare redirect_uri byte by byte with that of the request to /oauth_auth.do.",
        fix: &["Send the same redirect_uri again, and for a public client the verifier whose challenge was sent."],
        source: "RFC 6749 section 4.1.3, RFC 7636 section 4.6",
    },
);

pub(crate) const CLIENT_NOT_PUBLIC: Cause = Cause::new(
    "oauth.client-not-public",
    25,
    Explanation {
        title: "The request carries no client secret, as from a page, and the client is not registered as a public one",
        tell_apart: "The registry record does not have Public client ticked (oauth_entity.public_client).",
        fix: &[
            "On the {record} of {clientId} tick Public client: PKCE then proves the exchange. A page can keep no secret.",
            "A server sends its client_secret instead.",
        ],
        source: "documentation page \"Authorization code grant workflow\"",
    },
);

pub(crate) const JWT_KEY_UNKNOWN: Cause = Cause::new(
    "jwt.key-unknown",
    35,
    Explanation {
        title: "No JWT Verifier Map of the registry record knows the key that the assertion names in kid",
        tell_apart: "The node log says \"JWT verification failed\"; the record's JWT Verifier Maps list has no such Key Id.",
        fix: &[
            "Import the certificate under System Definition > Certificates.",
            "Add it with the assertion's kid to the JWT Verifier Maps of the {record} of {clientId}.",
        ],
        source: "documentation page \"Create a JWT API endpoint\"",
    },
);

pub(crate) const JWT_CLAIMS: Cause = Cause::new(
    "jwt.claims",
    30,
    Explanation {
        title: "iss or aud of the assertion is not the Client ID, or its jti was used before",
        tell_apart: "An assertion with a new jti and the Client ID in both is accepted.",
        fix: &["Put the Client ID into iss and aud, and a new jti into every assertion."],
        source: "documentation page \"Create a JWT API endpoint\"",
    },
);

pub(crate) const JWT_TIME: Cause = Cause::new(
    "jwt.time",
    15,
    Explanation {
        title: "The assertion is expired by the instance's clock, or lies in its future",
        tell_apart: "Compare iat and exp with the Date header of the refusal.",
        fix: &["Set this machine's clock right, or raise Clock Skew on the {record}."],
        source: "documentation page \"Create a JWT API endpoint\"",
    },
);

pub(crate) const JWT_SUBJECT: Cause = Cause::new(
    "jwt.subject",
    10,
    Explanation {
        title: "sub matches no active user in the field that the registry record compares it with",
        tell_apart: "No row of sys_user has that value in the record's User Field.",
        fix: &["Send a sub that the record's User Field holds, or change that field."],
        source: "documentation page \"Create a JWT API endpoint\"",
    },
);

pub(crate) const JWT_SUBJECT_ADMIN: Cause = Cause::new(
    "jwt.subject-is-admin",
    95,
    Explanation {
        title: "The user that sub names has the role admin or security_admin, and this grant gives such users no token",
        tell_apart: "The reply says \"Grant access token to admin is not allowed\"; for another user the same key works.",
        fix: &["Map the assertion's sub to a user with the roles that the integration needs and without admin."],
        source: "README of the Cortex XSOAR integration \"ServiceNow v2\"",
    },
);

pub(crate) const USER_READ_ONLY: Cause = Cause::new(
    "oauth.user-read-only",
    5,
    Explanation {
        title: "The user has the role snc_read_only, and a token is a record that its user must write",
        tell_apart: "The same client gets a token for another user, and Basic works for this one.",
        fix: &[
            "Add oauth_credential to the system property glide.security.snc_read_only_role.tables.exempt_create.",
            "Or take the role snc_read_only from {user} and give roles that only read.",
        ],
        source: "KB0783404",
    },
);

pub(crate) const NO_POST: Cause = Cause::new(
    "oauth.no-post",
    80,
    Explanation {
        title: "The token endpoint takes POST only",
        tell_apart: "The same parameters in the body of a POST are answered with a token.",
        fix: &["Send a POST with the parameters as a form in its body."],
        source: "KB0783076",
    },
);

pub(crate) const PASSWORD_WRONG: Cause = Cause::new(
    "oauth.user-password-wrong",
    35,
    Explanation {
        title: "The user name or the password is wrong, or the user is inactive or locked out",
        tell_apart: "The same user cannot sign in on the instance's login page either.",
        fix: &[
            "Log in to {url} as {user} once; if that fails too, set another password under User Administration > Users and untick Password needs reset.",
        ],
        source: "KB0725643",
    },
);

pub(crate) const PASSWORD_GRANT_OFF: Cause = Cause::new(
    "oauth.password-grant-off",
    15,
    Explanation {
        title: "The password grant is switched off on this instance",
        tell_apart: "glide.oauth.inbound.ropc.grant_type.disabled is true in sys_properties.",
        fix: &[
            "Use client credentials or the authorization code grant with PKCE.",
            "Or set the system property glide.oauth.inbound.ropc.grant_type.disabled to false; it was set to true for a reason.",
        ],
        source: "documentation page \"Disable resource owner password credentials\"",
    },
);

pub(crate) const PASSWORD_NEEDS_MORE: Cause = Cause::new(
    "oauth.user-needs-more",
    15,
    Explanation {
        title: "The user must reset the password or give a one-time code, which this grant cannot do",
        tell_apart: "The login page asks the user for more than the password.",
        fix: &["Sign in once as {user} and do what is asked, or use a user marked {serviceUser}."],
        source: "KB0725643",
    },
);

pub(crate) const OAUTH_INACTIVE: Cause = Cause::new(
    "oauth.inactive",
    50,
    Explanation {
        title: "OAuth is not active on this instance, or the address is not an instance's",
        tell_apart: "The property com.snc.platform.security.oauth.is.active is not true.",
        fix: &[
            "Under System Definition > Plugins activate OAuth 2.0 (com.snc.platform.security.oauth).",
            "Set the system property com.snc.platform.security.oauth.is.active to true.",
        ],
        source: "documentation page \"Set the OAuth property\"",
    },
);

pub(crate) const SOURCE_WITHOUT_TOKEN: Cause = Cause::new(
    "token.source",
    80,
    Explanation {
        title: "The function or service that supplies tokens threw, or resolved to something without a token",
        tell_apart: "The error's cause is what it threw.",
        fix: &[
            "Read the error's cause and fix the source; it resolves to an object with token and, where that is known, expiresAt.",
        ],
        source: "RFC 6750 section 1.3",
    },
);

pub(crate) const KEY_CANNOT_SIGN: Cause = Cause::new(
    "oauth.key-cannot-sign",
    80,
    Explanation {
        title: "The key was not made for signing with this algorithm",
        tell_apart: "The error's cause is what the signing threw; key.usages lacks sign, or key.algorithm is another.",
        fix: &[
            "Import the private key with the usage sign and the algorithm that the JWT verifier map of the {record} expects.",
        ],
        source: "W3C Web Cryptography API, \"SubtleCrypto.sign\"",
    },
);

pub(crate) const TOKEN_ENDPOINT_DOWN: Cause = Cause::new(
    "oauth.endpoint-down",
    70,
    Explanation {
        title: "The instance is overloaded or restarting, or a proxy in front of it answers in its place",
        tell_apart: "Other addresses of the instance fail too, or only this one does.",
        fix: &[
            "Try again after a pause; if only the token endpoint fails, look at the system log (System Logs > System Log > Errors) at that minute.",
            "Ask the administrator of the proxy whether it lets POST /oauth_token.do through.",
        ],
        source: "KB0725643",
    },
);
