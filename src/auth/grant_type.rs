//! The OAuth grants: the name of each in the options, and its `grant_type` in a token request.

macro_rules! grants {
    ($($(#[$doc:meta])+ $variant:ident $name:literal $grant_type:literal;)+) => {
        /// An OAuth grant. Every decision that depends on the grant matches all of them, so that the compiler names what a new one lacks.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum GrantType {
            $($(#[$doc])+ $variant,)+
        }

        impl GrantType {
            /// Every grant, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The value of `auth.grant`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// The value of `grant_type`.
            #[must_use]
            pub const fn as_parameter(self) -> &'static str {
                match self {
                    $(Self::$variant => $grant_type,)+
                }
            }
        }
    };
}

grants! {
    /// A token for the client itself.
    ClientCredentials "client_credentials" "client_credentials";
    /// A user's name and password.
    Password "password" "password";
    /// A sign-in of a user in a browser.
    AuthorizationCode "authorization_code" "authorization_code";
    /// A refresh token that was issued before.
    RefreshToken "refresh_token" "refresh_token";
    /// A signed assertion (RFC 7523).
    JwtBearer "jwt_bearer" "urn:ietf:params:oauth:grant-type:jwt-bearer";
}

impl GrantType {
    /// The grant of this name in the options.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|grant| grant.name() == name)
    }

    /// The grant of this `grant_type`.
    #[must_use]
    pub fn parse(grant_type: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|grant| grant.as_parameter() == grant_type)
    }
}
