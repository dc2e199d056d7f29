//! Options of an examination: the instance and the credentials to use. They hold no secrets: the host fills these into requests.

use serde::Deserialize;

use crate::auth::GrantType;
use crate::request::InstanceUrl;

/// How the integration authenticates. The doctor tries every OAuth grant but one: a sign-in needs a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum AuthMethod {
    /// A token of an OAuth grant.
    Grant(GrantType),
    /// HTTP Basic.
    Basic,
    /// An API key.
    ApiKey,
    /// A token that the caller has already.
    Token,
}

impl TryFrom<String> for AuthMethod {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        match name.as_str() {
            "basic" => Ok(Self::Basic),
            "api_key" => Ok(Self::ApiKey),
            "token" => Ok(Self::Token),
            grant => GrantType::named(grant).map(Self::Grant).ok_or_else(|| {
                let names = GrantType::ALL.iter().map(|grant| grant.name()).collect::<Vec<_>>().join(", ");
                format!("Unknown way to authenticate `{grant}`. Supported: {names}, basic, api_key, token.")
            }),
        }
    }
}

impl AuthMethod {
    /// The OAuth grant: a registry record of an OAuth client stands behind it.
    pub(super) const fn grant(self) -> Option<GrantType> {
        match self {
            Self::Grant(grant) => Some(grant),
            Self::Basic | Self::ApiKey | Self::Token => None,
        }
    }

    /// Whether a registry record of an OAuth client stands behind it.
    pub(super) const fn has_client(self) -> bool {
        self.grant().is_some()
    }

    /// Whether the doctor asks the token endpoint.
    pub(super) const fn asks_for_token(self) -> bool {
        match self.grant() {
            Some(
                GrantType::ClientCredentials | GrantType::Password | GrantType::JwtBearer | GrantType::RefreshToken,
            ) => true,
            Some(GrantType::AuthorizationCode) | None => false,
        }
    }
}

/// The operation that the integration performs. The doctor itself only reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    /// GET.
    Read,
    /// POST.
    Create,
    /// PUT and PATCH.
    Write,
    /// DELETE.
    Delete,
}

impl Operation {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Create => "create",
            Self::Write => "write",
            Self::Delete => "delete",
        }
    }
}

/// Where the doctor runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// A web page: CORS withholds replies, and most headers.
    Page,
    /// Node, a worker: everything can be read, and preflights can be sent by hand.
    Server,
}

/// Limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Requests in all, 1 to 200.
    pub requests: u32,
    /// Milliseconds in all.
    pub ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { requests: 60, ms: 180_000 }
    }
}

/// The options of an examination.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExaminationOptions {
    /// The instance's address.
    pub url: String,
    /// How the integration authenticates.
    pub means: AuthMethod,
    /// `client_id`, for the OAuth grants.
    #[serde(default)]
    pub client_id: String,
    /// User name of the password grant and of Basic; with client credentials it lets the doctor test the client separately.
    #[serde(default)]
    pub user_name: String,
    /// Scope that the integration asks for.
    #[serde(default)]
    pub scope: String,
    /// Where the authorization code is sent.
    #[serde(default)]
    pub redirect_uri: String,
    /// Whether the host holds an administrator's credentials.
    #[serde(default)]
    pub administrator: bool,
    /// The table that the integration uses.
    #[serde(default = "incident")]
    pub table: String,
    /// The encoded query that the integration sends.
    #[serde(default)]
    pub query: String,
    /// The fields that the integration needs.
    #[serde(default)]
    pub fields: Vec<String>,
    /// The operation on the table.
    #[serde(default = "read")]
    pub operation: Operation,
    /// Roles that it needs, or names of presets: ITSM, HRSD, CSM, CMDB.
    #[serde(default)]
    pub roles: Vec<String>,
    /// The origin of the web page that must be able to call the instance; empty for none.
    #[serde(default)]
    pub origin: String,
    /// The release to assume if the instance does not report one.
    #[serde(default)]
    pub release: String,
    /// Where the doctor runs.
    #[serde(default = "server")]
    pub place: Place,
    /// Makes every check even after a cause is proven.
    #[serde(default)]
    pub thorough: bool,
    /// Limits.
    #[serde(default)]
    pub limits: Limits,
}

fn incident() -> String {
    "incident".into()
}

const fn read() -> Operation {
    Operation::Read
}

const fn server() -> Place {
    Place::Server
}

/// An invalid option.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Invalid option `{option}`: {reason}")]
pub struct InvalidOptions {
    /// Its name.
    pub option: &'static str,
    /// What is wrong with it.
    pub reason: String,
}

impl ExaminationOptions {
    pub(super) fn checked(mut self) -> Result<Self, InvalidOptions> {
        let wrong = |option: &'static str, reason: &str| InvalidOptions { option, reason: reason.to_owned() };
        // Plain http to a page's eyes is a finding (mixed content), not a mistake in the options, where the host is loopback.
        let url = InstanceUrl::parse(&self.url).map_err(|error| wrong("url", &error.to_string()))?;
        self.url = url.as_str().to_owned();
        if self.means.has_client() && self.client_id.is_empty() {
            return Err(wrong("auth.clientId", "an OAuth grant needs the client's id"));
        }
        if matches!(self.means, AuthMethod::Grant(GrantType::Password) | AuthMethod::Basic) && self.user_name.is_empty()
        {
            return Err(wrong("auth.username", "a user name is needed"));
        }
        let is_name = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if self.table.is_empty() || self.table.len() > 80 || !is_name(&self.table) {
            return Err(wrong("table", "a table's name has letters, digits and underscores"));
        }
        if self.fields.len() > 100 || self.fields.iter().any(|field| !is_name(&field.replace('.', "_"))) {
            return Err(wrong("fields", "pass at most 100 names of letters, digits, underscores and dots"));
        }
        if self.roles.len() > 100 || self.roles.iter().any(|role| !is_name(&role.replace('.', "_"))) {
            return Err(wrong("roles", "pass at most 100 names of letters, digits, underscores and dots"));
        }
        if !(1..=200).contains(&self.limits.requests) {
            return Err(wrong("limits.requests", "pass a number from 1 to 200"));
        }
        if self.query.contains('\0') || self.query.len() > 100_000 {
            return Err(wrong("query", "pass at most 100,000 characters, and no NUL"));
        }
        if self.client_id.contains(['^', '\0']) || self.user_name.contains(['^', '\0']) {
            return Err(wrong("auth", "neither a client's id nor a user's name may hold ^"));
        }
        self.release = crate::diagnose::release_terms::plain(&self.release);
        Ok(self)
    }
}
