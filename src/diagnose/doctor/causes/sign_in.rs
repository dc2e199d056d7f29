//! Getting a token, and being known to the APIs.

use super::{Cause, cause};

const REGISTRY: &str = "All > System OAuth > Application Registry (from Zurich: Machine Identity Console > Inbound integrations): open the record with client id {clientId}.";

pub(super) static CAUSES: [Cause; 25] = [
    cause(
        "token.client",
        "The client id or the client secret is wrong",
        &[
            REGISTRY,
            "Compare the Client ID letter by letter; show the Client Secret with the lock and copy it again.",
            "If in doubt set a new secret and give it to the integration.",
        ],
        "KB0725643",
    ),
    cause(
        "token.client-unknown",
        "No registry record has the client id {clientId}",
        &[
            "All > System OAuth > Application Registry: look for the record by name and copy its Client ID.",
            "Make sure that it is this instance: {url}.",
        ],
        "OAuth inbound integrations",
    ),
    cause(
        "token.client-inactive",
        "The registry record of {clientId} is not active",
        &[REGISTRY, "Tick Active."],
        "OAuth inbound integrations",
    ),
    cause(
        "token.grant-property",
        "The client credentials grant is not switched on",
        &[
            "All > sys_properties.list > New (or open it).",
            "Name: glide.oauth.inbound.client.credential.grant_type.enabled. Type: true | false. Value: true.",
        ],
        "Create a system property for the client credentials grant; KB1645212",
    ),
    cause(
        "token.application-user-missing",
        "The registry record has no OAuth Application User",
        &[
            REGISTRY,
            "If OAuth Application User is not on the form: form menu > Configure > Form Design, add the field.",
            "Choose the integration's user and update.",
        ],
        "Add an OAuth application user; KB1645212",
    ),
    cause(
        "token.application-user-state",
        "The OAuth Application User may not sign in",
        &[
            "All > User Administration > Users: open {user}.",
            "Tick Active, untick Locked out and Password needs reset, and update.",
        ],
        "Add an OAuth application user",
    ),
    cause(
        "token.user-state",
        "The user may not sign in",
        &[
            "All > User Administration > Users: open {user}.",
            "Tick Active, untick Locked out and Password needs reset, and update.",
        ],
        "KB0725643; Enforce password reset on API requests",
    ),
    cause(
        "token.plugin",
        "OAuth 2.0 is not active on this instance",
        &[
            "All > System Definition > Plugins: activate OAuth 2.0 (com.snc.platform.security.oauth).",
            "All > sys_properties.list: set com.snc.platform.security.oauth.is.active to true.",
        ],
        "Set the OAuth property",
    ),
    cause(
        "token.scope",
        "The scope {scope} is not attached to the client",
        &[
            REGISTRY,
            "Auth Scope: add {scope}; or send no scope: the token then has what the record has.",
            "If it is attached and still refused, make a new registry record.",
        ],
        "REST API Auth Scope; Troubleshoot REST API auth scopes",
    ),
    cause(
        "token.password",
        "The user name or the password is wrong",
        &["Log in to {url} as {user} once.", "Set a new password if that fails too, and untick Password needs reset."],
        "KB0725643",
    ),
    cause(
        "token.password-disabled",
        "The password grant is switched off",
        &[
            "Use another grant: client credentials, or authorization code with PKCE.",
            "Or set glide.oauth.inbound.ropc.grant_type.disabled to false.",
        ],
        "Disable resource owner password credentials",
    ),
    cause(
        "token.verifier",
        "The instance has no key that checks the assertion",
        &[
            REGISTRY,
            "JWT Verifier Maps > New: Kid as in the assertion's header, and the certificate (or shared key) of its signer.",
        ],
        "Create a JWT API endpoint for external clients",
    ),
    cause(
        "token.assertion",
        "A claim of the assertion is refused",
        &[
            "aud and iss must be the client id {clientId}.",
            "exp must lie ahead, and every assertion needs a jti of its own.",
            "sub must match a user in the field that the registry record names.",
        ],
        "JWT bearer grant",
    ),
    cause(
        "token.refresh-expired",
        "The refresh token is over, revoked or another client's",
        &[
            "Sign in once more: use does not lengthen its life, 100 days unless the record says otherwise.",
            REGISTRY,
            "Refresh Token Lifespan: raise it if that is too short.",
        ],
        "KB2132135; OAuth API request parameters",
    ),
    cause(
        "token.refresh-lifespan",
        "Refresh tokens are made to live less than a day",
        &[REGISTRY, "Refresh Token Lifespan: 8640000 (100 days) is the default."],
        "Create an endpoint for external clients",
    ),
    cause(
        "token.code-lifespan",
        "Authorization codes are made to live less than half a minute",
        &[REGISTRY, "Auth code lifespan: 60 is the default."],
        "KB0725643",
    ),
    cause(
        "token.lifetime",
        "Tokens live so shortly that calls meet their end",
        &[
            REGISTRY,
            "Access Token Lifespan: 1800 is the default.",
            "Renew a minute before the end, and repeat once after a 401.",
        ],
        "Create an endpoint for external clients; KB0791140",
    ),
    cause(
        "token.redirect-uri",
        "The redirect address {redirectUri} is not registered",
        &[REGISTRY, "Redirect URL: add {redirectUri} exactly, with scheme, port and path."],
        "Create an endpoint for external clients",
    ),
    cause(
        "token.release",
        "On this release a client credentials token belongs to the guest",
        &["Upgrade to Washington DC or later.", "Until then use the password, JWT bearer or authorization code grant."],
        "KB0745184; KB1645212",
    ),
    cause(
        "token.guest",
        "The token is nobody's: its user is missing or is the guest",
        &[REGISTRY, "OAuth Application User: choose an active user."],
        "KB0745184; Add an OAuth application user",
    ),
    cause(
        "token.expired",
        "The token that was given is over or was revoked",
        &["Get a new one.", "Revoke no token on exit where several programs share a client: they share the token too."],
        "OAuth API response parameters; KB0791140",
    ),
    cause(
        "api.policy",
        "An access policy of the Table API does not admit this kind of sign-in",
        &[
            "All > System Web Services > API Access Policies > REST API Access Policies: open the policy for Table API.",
            "Inbound authentication profiles: add one of the kind that the integration uses (OAuth, Basic or API key).",
        ],
        "Create an API access policy; KB3041645",
    ),
    cause(
        "api.token-restricted",
        "The client's tokens are kept to APIs whose policy lists them",
        &[
            REGISTRY,
            "Untick Enforce token restriction, or add an OAuth profile of this client to the Table API's access policy.",
        ],
        "Configure an OAuth client credentials grant",
    ),
    cause(
        "api.key-policy",
        "No access policy admits the API key here",
        &[
            "All > System Web Services > API Access Policies > REST API Access Policies > New: REST API Table API, Apply to all versions.",
            "Inbound authentication profiles: the API key profile, with the place (header or query) that the integration uses.",
            "A global policy does not count for keys.",
        ],
        "Configure API key",
    ),
    cause(
        "api.key-plugin",
        "API keys are not active on this instance",
        &["All > System Definition > Plugins: activate API Key and HMAC Authentication (com.glide.tokenbased_auth)."],
        "API key and HMAC for REST APIs",
    ),
];
