//! Causes of rejected credentials.

#![cfg_attr(not(feature = "circumstances"), allow(dead_code, reason = "fewer rows, fewer causes"))]

use crate::diagnose::model::diagnosis::{Cause, Explanation};

pub(crate) const STATE_MISSING: Cause = Cause::new(
    "oauth.state-missing",
    95,
    Explanation {
        title: "The request to /oauth_auth.do has no state, or a blank one, and the instance demands it",
        tell_apart: "The same address with state=x goes on to the login.",
        fix: &["Send a random state without special characters, and compare it when the redirect comes back."],
        source: "documentation page \"Enforce OAuth state parameter validation\"",
    },
);

pub(crate) const REDIRECT_NOT_REGISTERED: Cause = Cause::new(
    "oauth.redirect-not-registered",
    90,
    Explanation {
        title: "redirect_uri is none of the record's Redirect URLs, so the instance used the first of them",
        tell_apart: "Compare redirect_uri with the record's Redirect URL byte by byte, the last slash included.",
        fix: &[
            "Add {redirectUri} to Redirect URL of the {record} of {clientId}, exactly: scheme, port, path and the last slash.",
        ],
        source: "documentation page \"Create an OAuth API endpoint for external clients\"",
    },
);

pub(crate) const MFA: Cause = Cause::new(
    "mfa.for-integrations",
    95,
    Explanation {
        title: "Multi-factor authentication is enforced for integrations",
        tell_apart: "The header X-MFA_TOKEN is there only in this case.",
        fix: &[
            "Use OAuth, or a user marked {serviceUser}.",
            "Or set the system property glide.authenticate.multifactor.for_integrations to false.",
        ],
        source: "documentation page \"Multi-factor authentication properties\"",
    },
);

pub(crate) const USER_TOKEN: Cause = Cause::new(
    "session.user-token",
    95,
    Explanation {
        title: "A request with a session cookie must carry the session's X-UserToken, and this one did not",
        tell_apart: "X-Is-Logged-In is true, and X-UserToken-Response holds the token to send.",
        fix: &["Send the value of X-UserToken-Response as X-UserToken, or use OAuth and no cookies."],
        source: "documentation page \"REST session debug header\"",
    },
);

pub(crate) const GATEWAY_SIGN_IN: Cause = Cause::new(
    "instance.gateway-sign-in",
    70,
    Explanation {
        title: "A proxy, gateway or single sign-on in front of the instance wants its own credentials",
        tell_apart: "The page is not ServiceNow's, and the API's own refusal would be JSON.",
        fix: &[
            "Ask the administrator of the gateway to let /api/ and /oauth_token.do pass, or use the instance's own address.",
        ],
        source: "RFC 9110 section 11.6.1",
    },
);

pub(crate) const OIDC_CLAIMS: Cause = Cause::new(
    "oidc.claims",
    40,
    Explanation {
        title: "No OpenID Connect record of the instance fits the token: its aud is no Client ID of one, its iss is not the record's, or no key fits",
        tell_apart: "syslog names the claim (InvalidClaimException), or says nothing where no record has the token's aud.",
        fix: &[
            "Decode the token and compare: aud must be the Client ID of the instance's OIDC record, iss that of its provider's metadata.",
            "Register the provider under System OAuth > Application Registry > New > Configure an OIDC provider to verify ID tokens.",
        ],
        source: "KB0719167; KB0720547",
    },
);

pub(crate) const OIDC_USER: Cause = Cause::new(
    "oidc.user-unknown",
    25,
    Explanation {
        title: "The token's user claim is missing, or matches no user of the instance",
        tell_apart: "No row of sys_user has the claim's value in the User Field of the provider's record.",
        fix: &[
            "Let the provider put the claim into the token, or let User Claim and User Field of the OIDC provider name what both have.",
        ],
        source: "KB0719167",
    },
);

pub(crate) const OIDC_USED: Cause = Cause::new(
    "oidc.used-before",
    50,
    Explanation {
        title: "Enable JTI claim verification is on at the OIDC provider, so a token is good for one call",
        tell_apart: "syslog says \"Failed in jti(JWT token_id) claim verification\".",
        fix: &[
            "Clear Enable JTI claim verification at the OIDC provider configuration, or fetch a new token for each call.",
        ],
        source: "KB0719167",
    },
);

pub(crate) const KEY_WITHOUT_POLICY: Cause = Cause::new(
    "key.without-policy",
    45,
    Explanation {
        title: "No REST API access policy of this API lists the API key profile (a global policy does not count)",
        tell_apart: "Another API accepts the same key.",
        fix: &[
            "Under System Web Services > API Access Policies > REST API Access Policies create a policy for {api}, tick Apply to all versions, and add the API key profile to it.",
        ],
        source: "documentation page \"Configure API key\"",
    },
);

pub(crate) const KEY_WRONG: Cause = Cause::new(
    "key.wrong",
    30,
    Explanation {
        title: "The key is mistyped, expired, or not active",
        tell_apart: "No active row under System Web Services > API Access Policies > REST API Key has it.",
        fix: &["Create another key there; a key that has expired is deleted after seven days."],
        source: "documentation page \"Token expiry for API key and HMAC\"",
    },
);

pub(crate) const KEY_PLACE: Cause = Cause::new(
    "key.place",
    20,
    Explanation {
        title: "The profile expects the key in the other place: header or query parameter x-sn-apikey",
        tell_apart: "The profile's Auth Parameter names the place.",
        fix: &["Send the key where the Auth Parameter of the Inbound Authentication Profile says."],
        source: "documentation page \"Configure API key\"",
    },
);

pub(crate) const BASIC_RESTRICTED: Cause = Cause::new(
    "basic.restricted",
    45,
    Explanation {
        title: "Basic authentication restriction is enforced, and the user may sign in with a browser",
        tell_apart: "syslog has SNCRestrictBasicAuthUserAuthenticationGate, and the login page accepts the same password.",
        fix: &["Grant {user} the role snc_basic_auth_api_access, or mark it {serviceUser}.", "Better: use OAuth."],
        source: "documentation page \"Basic authentication restriction\"",
    },
);

pub(crate) const BASIC_WRONG: Cause = Cause::new(
    "basic.wrong",
    55,
    Explanation {
        title: "The user name or the password is wrong, or the user is inactive, locked out or must reset its password",
        tell_apart: "The login page does not accept them either.",
        fix: &[
            "Check {user} under User Administration > Users: active, not locked out, Password needs reset not ticked; set the password again.",
        ],
        source: "documentation page \"REST API security\"",
    },
);

pub(crate) const POLICY_WITHOUT_BASIC: Cause = Cause::new(
    "policy.without-basic",
    15,
    Explanation {
        title: "A REST API access policy of this API does not list Basic authentication",
        tell_apart: "Another API accepts the same user.",
        fix: &[
            "Under System Web Services > API Access Policies > REST API Access Policies open the policy of {api} and add a Basic profile to its Inbound authentication profiles.",
        ],
        source: "documentation page \"Create an API access policy\"",
    },
);

pub(crate) const TOKEN_EXPIRED: Cause = Cause::new(
    "token.expired",
    80,
    Explanation {
        title: "The token expired, or it was mistyped",
        tell_apart: "A new token works, and the old one was older than its expires_in.",
        fix: &[
            "Get a new token, and renew it before its life is over.",
            "If tokens end before they can be used, raise Access Token Lifespan on the {record} (1800 s is the default).",
        ],
        source: "KB0745184",
    },
);

pub(crate) const TOKEN_REVOKED: Cause = Cause::new(
    "token.revoked",
    75,
    Explanation {
        title: "The token was revoked: grants of one client share a token, so another worker's sign-out ends it for all",
        tell_apart: "All workers of this client hold the same access token and failed at the same moment.",
        fix: &["Get a new token; never revoke a token on exit.", "Give each worker an {record} of its own."],
        source: "documentation page \"OAuth API request parameters\"; KB0791140",
    },
);

pub(crate) const TOKEN_OF_GUEST: Cause = Cause::new(
    "oauth.token-of-guest",
    50,
    Explanation {
        title: "The token belongs to no real user: the release is older than Washington DC, or the OAuth Application User is missing",
        tell_apart: "oauth_credential.user is guest or empty; every table answers 401.",
        fix: &[
            "{since washingtondc}Set OAuth Application User on the {record} of {clientId}: an active user.",
            "{before washingtondc}Use the password, JWT bearer or authorization code grant until the instance is upgraded: its client credentials yield a token for guest.",
        ],
        source: "KB0745184",
    },
);

pub(crate) const POLICY_WITHOUT_OAUTH: Cause = Cause::new(
    "policy.without-oauth",
    40,
    Explanation {
        title: "A REST API access policy of this API does not list OAuth, or the token is restricted to policies that do",
        tell_apart: "Another API accepts the same token.",
        fix: &[
            "Under System Web Services > API Access Policies > REST API Access Policies open the policy of {api} and add an OAuth profile to its Inbound authentication profiles.",
        ],
        source: "documentation page \"Create an API access policy\"",
    },
);

pub(crate) const NOTHING_SHOWN: Cause = Cause::new(
    "credentials.not-sent",
    60,
    Explanation {
        title: "The request carries no credentials: no Authorization header, no API key, no cookie",
        tell_apart: "The headers that were sent hold none of them; a proxy on the way may take them out.",
        fix: &["Send an OAuth token, and let proxies forward the Authorization header."],
        source: "KB0720547",
    },
);

pub(crate) const CERTIFICATE_UNKNOWN: Cause = Cause::new(
    "certificate.not-mapped",
    35,
    Explanation {
        title: "The certificate of the connection is shown to no one, or belongs to no user of the instance",
        tell_apart: "sys_user_certificate has no active record with this certificate, or a proxy ends the TLS connection.",
        fix: &[
            "Map the certificate to {user} in sys_user_certificate, and its issuer in sys_ca_certificate.",
            "Activate the plugin com.glide.auth.mutual; it needs the ADCv2 load balancer.",
        ],
        source: "documentation page \"Set up certificate-based authentication\"",
    },
);
