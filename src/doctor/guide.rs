//! The set-up guide as data: for each release and each way to authenticate, the steps in order, with values filled in and the
//! documentation page that describes each.

use serde::Serialize;

use super::case::Case;
use super::options::AuthMethod;
use crate::auth::GrantType;
use crate::diagnose::RELEASES;

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The place, in the platform's menu names.
    pub place: String,
    /// The action.
    pub action: String,
    /// The consequence of omitting it.
    pub otherwise: &'static str,
    /// The role needed.
    pub role: &'static str,
    /// The documentation page or article.
    pub source: &'static str,
}

/// The steps for one release and one way to authenticate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Guide {
    /// The release that the steps are for.
    pub release: &'static str,
    /// Whether the instance reported this release. Otherwise it is the newest known one.
    #[serde(rename = "told")]
    pub release_known: bool,
    /// What cannot work on this release with any set-up; empty otherwise.
    pub obstacle: &'static str,
    /// In order.
    pub steps: Vec<Step>,
}

const REFUSED: &str = "401 server_error / access_denied at the token endpoint";

/// Whether a release is this one or a later one.
pub(super) fn since(release: &str, first: &str) -> bool {
    let place = |name: &str| RELEASES.iter().position(|(one, _)| *one == name);
    place(release) >= place(first)
}

/// The steps for the options of an examination.
pub fn guide(options: &super::ExaminationOptions, release: &str) -> Guide {
    let case = Case::new(options.clone());
    of(&case, release)
}

pub(super) fn of(case: &Case, release: &str) -> Guide {
    let known = RELEASES.iter().map(|(one, _)| *one).find(|one| *one == release);
    let release = known.or_else(|| RELEASES.last().map(|(one, _)| *one)).unwrap_or_default();
    let mut steps = match case.options.means {
        AuthMethod::Basic => basic(case, release),
        AuthMethod::ApiKey => api_key(case),
        AuthMethod::Token => oauth_is_active(case),
        AuthMethod::Grant(grant) => oauth(case, grant, release),
    };
    steps.extend(user(case, release));
    if !case.options.origin.is_empty() {
        steps.extend(page(case));
    }
    let old = case.options.means == AuthMethod::Grant(GrantType::ClientCredentials) && release == "vancouver";
    let obstacle = match (old, case.options.means == AuthMethod::ApiKey && release == "vancouver") {
        (true, _) => {
            "Up to Vancouver client credentials give a token of the guest, and every API call is 401 (KB0745184)."
        }
        (_, true) => "API keys come with Washington DC.",
        _ => "",
    };
    Guide { release, release_known: known.is_some(), obstacle, steps }
}

fn step(
    case: &Case,
    place: &str,
    action: &str,
    otherwise: &'static str,
    role: &'static str,
    source: &'static str,
) -> Step {
    Step { place: case.filled(place), action: case.filled(action), otherwise, role, source }
}

/// The steps that every OAuth token needs, however it was obtained.
fn oauth_is_active(case: &Case) -> Vec<Step> {
    vec![
        step(
            case,
            "All > System Definition > Plugins",
            "OAuth 2.0 (com.snc.platform.security.oauth) is active.",
            "No tokens at all",
            "admin",
            "Set the OAuth property",
        ),
        step(
            case,
            "All > sys_properties.list",
            "com.snc.platform.security.oauth.is.active is true.",
            "No tokens at all",
            "admin",
            "Set the OAuth property",
        ),
    ]
}

fn oauth(case: &Case, grant: GrantType, release: &str) -> Vec<Step> {
    let console = since(release, "zurich");
    let mut steps = oauth_is_active(case);
    if grant == GrantType::ClientCredentials && since(release, "washingtondc") {
        steps.push(step(
            case,
            "All > sys_properties.list > New",
            "Name glide.oauth.inbound.client.credential.grant_type.enabled, type true | false, value true.",
            REFUSED,
            "admin",
            "Create a system property for the client credentials grant; KB1645212",
        ));
    }
    let kind = match grant {
        GrantType::ClientCredentials => "OAuth Client credential grant",
        GrantType::Password => "OAuth resource owner password credential grant",
        GrantType::JwtBearer => "OAuth JWT bearer grant",
        GrantType::AuthorizationCode | GrantType::RefreshToken => "OAuth Authorization code grant",
    };
    let (place, action) = match (console, grant) {
        (true, _) => ("All > Machine Identity Console > Inbound integrations > New integration", format!("{kind}: name it, keep Active ticked, note Client ID and Client Secret.")),
        (false, GrantType::JwtBearer) => ("All > System OAuth > Application Registry > New", "Create an OAuth JWT API endpoint for external clients: name it, keep Active ticked, note Client ID and Client Secret.".to_owned()),
        (false, GrantType::ClientCredentials | GrantType::Password | GrantType::AuthorizationCode | GrantType::RefreshToken) => ("All > System OAuth > Application Registry > New", "Create an OAuth API endpoint for external clients: name it, keep Active ticked, note Client ID and Client Secret.".to_owned()),
    };
    steps.push(step(
        case,
        place,
        &action,
        REFUSED,
        "oauth_admin, mi_admin or admin",
        "OAuth inbound integrations; Create an endpoint for external clients",
    ));
    let record = if console { "The integration's record" } else { "The registry record {clientId}" };
    match grant {
        GrantType::ClientCredentials => {
            if !console {
                steps.push(step(
                    case,
                    record,
                    "Form menu > Configure > Form Design: add the field OAuth Application User, and save.",
                    "The field is not to be seen",
                    "admin",
                    "Add an OAuth application user; KB1645212",
                ));
            }
            steps.push(step(
                case,
                record,
                "OAuth Application User: {user}.",
                "The token is refused, or belongs to nobody",
                "oauth_admin or admin",
                "Add an OAuth application user",
            ));
        }
        GrantType::JwtBearer => {
            steps.push(step(
                case,
                record,
                "User Field: the field of the user that sub names. JWT Verifier Maps > New: Kid and certificate.",
                REFUSED,
                "oauth_admin or admin",
                "Create a JWT API endpoint for external clients",
            ));
        }
        GrantType::AuthorizationCode | GrantType::RefreshToken => {
            steps.push(step(
                case,
                record,
                "Redirect URL: {redirectUri}, exactly. For a client without secret tick Public client.",
                "The code goes to another address",
                "oauth_admin or admin",
                "Authorization code grant workflow",
            ));
        }
        GrantType::Password => {
            steps.push(step(
                case,
                "All > sys_properties.list",
                "glide.oauth.inbound.ropc.grant_type.disabled is not true.",
                REFUSED,
                "admin",
                "Disable resource owner password credentials",
            ));
        }
    }
    if !case.options.scope.is_empty() {
        steps.push(step(
            case,
            record,
            "Auth Scope: add {scope}.",
            REFUSED,
            "oauth_admin or admin",
            "REST API Auth Scope",
        ));
    }
    steps
}

fn basic(case: &Case, release: &str) -> Vec<Step> {
    let mut steps = vec![];
    if since(release, "australia") {
        steps.push(step(
            case,
            "All > User Administration > Users > {user}",
            "Tick Web service access only (Identity type Machine), or give the role snc_basic_auth_api_access.",
            "401 with the right password",
            "user_admin",
            "Basic authentication restriction",
        ));
    }
    if !since(release, "yokohama") {
        steps.push(step(
            case,
            "All > sys_properties.list",
            "glide.authenticate.multifactor.for_integrations is not true for this user.",
            "401 with X-MFA_TOKEN: invalid",
            "admin",
            "REST API, Multi-factor authentication",
        ));
    }
    steps
}

fn api_key(case: &Case) -> Vec<Step> {
    let source = "Configure API key";
    vec![
        step(
            case,
            "All > System Definition > Plugins",
            "API Key and HMAC Authentication (com.glide.tokenbased_auth) is active.",
            "401",
            "admin",
            source,
        ),
        step(
            case,
            "All > System Web Services > API Access Policies > Inbound Authentication Profile > New",
            "Create API Key authentication profiles: Auth Parameter x-sn-apikey, as header.",
            "401",
            "api_service_admin",
            source,
        ),
        step(
            case,
            "All > System Web Services > API Access Policies > REST API Key > New",
            "User {user}; after saving show the token with the lock and note it.",
            "401",
            "api_service_admin",
            source,
        ),
        step(
            case,
            "All > System Web Services > API Access Policies > REST API Access Policies > New",
            "REST API Table API, Apply to all versions, and the profile. A global policy does not count for keys.",
            "401 from this API",
            "api_service_admin",
            source,
        ),
    ]
}

fn user(case: &Case, release: &str) -> Vec<Step> {
    let identity = match since(release, "zurich") {
        true => "{user} is active, not locked out, Password needs reset not ticked; Identity type Machine.",
        false => "{user} is active, not locked out, Password needs reset not ticked; tick Web service access only.",
    };
    let wanted = super::roles::wanted(&case.options.roles);
    let roles = match wanted.is_empty() {
        true => "Give the roles that read {table}, such as sn_incident_read for incident; never admin.".to_owned(),
        false => format!("Give the roles {}; never admin.", wanted.join(", ")),
    };
    let mut steps = vec![
        step(
            case,
            "All > User Administration > Users",
            identity,
            "401 at the token endpoint or at every API",
            "user_admin",
            "Create a service account",
        ),
        step(
            case,
            "All > User Administration > Users > {user} > Roles",
            &roles,
            "403, or empty lists",
            "user_admin",
            "Base system roles",
        ),
        step(
            case,
            "All > System Security > Access Control (ACL)",
            "If the rules of type REST_Endpoint are active, the user needs snc_platform_rest_api_access.",
            "403 Failed API level ACL Validation",
            "admin",
            "REST API; KB0753132",
        ),
        step(
            case,
            "All > System Definition > Tables > {table} > Application Access",
            "Allow access to this table via web services is ticked.",
            "403 for this table",
            "admin",
            "Table API",
        ),
        step(
            case,
            "All > System Web Services > API Access Policies",
            "If there is a policy for the Table API, its profiles hold the kind that the integration uses.",
            "401 with good credentials",
            "api_service_admin",
            "Create an API access policy",
        ),
    ];
    if case.options.means.has_client() {
        steps.push(step(
            case,
            "All > System Web Services > REST API Auth Scopes",
            "If a scope is linked to the Table API, the client has it, or useraccount.",
            "403 Missing required api access scope",
            "api_service_admin",
            "REST API Auth Scope",
        ));
    }
    if since(release, "xanadu") {
        steps.push(step(case, "All > System Security > Access Control (ACL)", "Query rules (query_match, query_range) on the fields of the integration's queries ask for no role that the user lacks.", "403 Field(s) present in the query", "admin", "Query ACL rules"));
    }
    steps
}

fn page(case: &Case) -> Vec<Step> {
    let mut steps = vec![step(
        case,
        "All > System Web Services > REST > CORS Rules > New",
        "REST API Table API, Domain {origin}, the methods, Access-Control-Allow-Headers Authorization, Content-Type, Accept, and the headers to expose.",
        "A network error in the page",
        "cors_rule_admin",
        "Define a CORS rule",
    )];
    if case.options.means.has_client() {
        steps.push(step(
            case,
            "All > sys_properties.list > New",
            "glide.oauth.cors.allowed.origin, type string, value {origin}.",
            "A network error at the token endpoint",
            "admin",
            "Allow CORS Origins for OAuth Endpoints",
        ));
    }
    steps
}
