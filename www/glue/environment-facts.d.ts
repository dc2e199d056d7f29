/** The records of an `Inventory` of sysparm/environments. What access rules hide of a record is absent from it. */

/** The instance's release. */
export interface Release {
  /** "Zurich"; absent where the instance does not name it. */
  family?: string;
  /** The build: "glide-zurich-07-01-2025__patch4-..."; absent where the instance does not name it. */
  build?: string;
}

/** One plugin. */
export interface Plugin {
  /** Whether it is active; false also where the instance does not list it. */
  active: boolean;
  /** Its label. */
  name?: string;
}

/** One registry record (`oauth_entity`), without its secret. */
export interface OAuthClient {
  /** The record's id in this environment. */
  sysId: string;
  /** Its name. */
  name?: string;
  /** Its client id: of each environment another one. */
  clientId?: string;
  /** Whether the integration signs in with it (`clientId` of the options). */
  own: boolean;
  /** Whether it is active. */
  active?: boolean;
  /** "client", "jwt" or "oidc". */
  type?: string;
  /** User name of the OAuth Application User; empty without one. */
  user?: string;
  /** "client_credential" and the like; empty where any grant may be used. */
  inboundGrantType?: string;
  /** The grant that is taken by default. */
  defaultGrantType?: string;
  /** "integration_as_a_service" and the like: picks the session timeout. */
  clientType?: string;
  /** Seconds; null where the record has none. */
  accessTokenLifespan?: number | null;
  /** Seconds; null where the record has none. */
  refreshTokenLifespan?: number | null;
  /** Seconds; null where the record has none. */
  authCodeLifespan?: number | null;
  /** Registered redirect addresses. */
  redirectUrls?: string[];
  /** Whether it signs in without a secret, by PKCE. */
  publicClient?: boolean;
  /** Whether its tokens work only on APIs whose access policy lists its profile. */
  enforceTokenRestrictions?: boolean;
  /** Whether its tokens work only on APIs in its scopes. */
  onlyScopedApis?: boolean;
  /** "opaque" or "jwt". */
  tokenFormat?: string;
  /** User field in the claim `sub` of its tokens in JWT form. */
  subjectClaim?: string;
  /** User field that the subject of an assertion is matched with. */
  userField?: string;
  /** Seconds that the clock of an assertion may be off; null where the record has none. */
  clockSkew?: number | null;
  /** Whether an assertion works once only. */
  verifiesJti?: boolean;
  /** Auth scopes attached to it; absent where they could not be read. */
  scopes?: string[];
  /** OAuth profiles; absent where they could not be read. */
  profiles?: OAuthProfile[];
  /** When the record was changed last, in UTC: "2026-03-01 12:00:00". */
  updatedOn?: string;
}

/** One OAuth profile (`oauth_entity_profile`). */
export interface OAuthProfile {
  /** Its name. */
  name?: string;
  /** Its grant; empty for the record's own. */
  grantType?: string;
  /** Whether it is the default one. */
  default?: boolean;
}

/** One API key, without its token. */
export interface ApiKey {
  /** Its name. */
  name?: string;
  /** User name of the account that it signs in as. */
  user?: string;
  /** Name of its auth scope; empty without one. */
  scope?: string;
  /** Whether it is active. */
  active?: boolean;
  /** In UTC: "2026-03-01 12:00:00"; empty where it does not expire. */
  expires?: string;
}

/** One token that the instance has issued (`oauth_credential`), without the token. */
export interface IssuedToken {
  /** "access_token" or "refresh_token". */
  type?: string;
  /** User name of the account. */
  user?: string;
  /** Client id of the client that it was issued to. */
  clientId?: string;
  /** In UTC: "2026-03-01 12:00:00". */
  expires?: string;
  /** In UTC. */
  createdOn?: string;
}

/** One REST API access policy (`sys_api_access_policy`). */
export interface AccessPolicy {
  /** Its name. */
  name?: string;
  /** Whether it is active. */
  active?: boolean;
  /** The API; empty for all. */
  restApi?: string;
  /** The method; empty for all. */
  method?: string;
  /** The version; empty for all. */
  version?: string;
  /** The resource; empty for all. */
  resource?: string;
  /** The table; empty for all. */
  table?: string;
  /** Types of the authentication profiles that it accepts: "oauth", "basic_auth", ...; absent where they could not be read. */
  accepts?: string[];
}

/** An API that asks for an auth scope (`sys_api_access_scope`). */
export interface ApiScope {
  /** The auth scope's name. */
  scope?: string;
  /** The API. */
  restApi?: string;
  /** The method; empty for all. */
  method?: string;
  /** The version; empty for all. */
  version?: string;
  /** Whether it is active. */
  active?: boolean;
}

/** One account (`sys_user`). */
export interface Account {
  /** Its user name. */
  userName?: string;
  /** Whether it is active. */
  active?: boolean;
  /** Whether it is locked out. */
  lockedOut?: boolean;
  /** Whether its password has to be changed. */
  passwordNeedsReset?: boolean;
  /** Whether it may sign in to web services only. */
  webServiceAccessOnly?: boolean;
  /** "Internal Integration User": such accounts do not show in Machine Identity Console. */
  internalIntegrationUser?: boolean;
  /** "human", "machine" or "ai". */
  identityType?: string;
  /** Its own time zone; empty for the system's. */
  timeZone?: string;
  /** Its own date format; empty for the system's. */
  dateFormat?: string;
  /** Its own language; empty for the system's. */
  language?: string;
  /** Last sign-in to the user interface, in UTC; empty for never. */
  lastLogin?: string;
}

/** One role of the account. */
export interface HeldRole {
  /** The role's name. */
  name: string;
  /** Every way in which the account has it. */
  ways: RoleWay[];
}

/** A way in which an account has a role. */
export interface RoleWay {
  /** Granted to the account, inherited from a group, or contained in another role. */
  by: "direct" | "group" | "contained";
  /** Name of the group or of the containing role; empty for a direct grant. */
  from: string;
}

/** One CORS rule (`sys_cors_rule`). */
export interface CorsRule {
  /** Its name. */
  name?: string;
  /** Whether it is active. */
  active?: boolean;
  /** The API. */
  restApi?: string;
  /** The origin: "https://app.example". */
  domain?: string;
  /** Methods. */
  methods?: string[];
  /** Request headers. */
  allowHeaders?: string[];
  /** Headers of replies that a page may read. */
  exposeHeaders?: string[];
  /** Whether cookies may be sent. */
  allowCredentials?: boolean;
  /** Seconds that a preflight may be kept; null where the rule has none. */
  maxAge?: number | null;
}

/** One rate limit rule (`sys_rate_limit_rules`). */
export interface RateRule {
  /** Its name. */
  name?: string;
  /** Whether it is active. */
  active?: boolean;
  /** The API. */
  restApi?: string;
  /** The method; empty for all. */
  method?: string;
  /** The version; empty for all. */
  version?: string;
  /** The table; empty for all. */
  table?: string;
  /** Requests an hour; null where the rule has none. */
  limit?: number | null;
  /** "user", "role" or "all". */
  applyTo?: string;
  /** User name, where it applies to a single user. */
  user?: string;
  /** Name of the role, where it applies to users with a role. */
  role?: string;
}

/** One table used. */
export interface UsedTable {
  /** The instance has no such table: the other members are empty. */
  absent?: true;
  /** The classes that it extends, up to the root. */
  extends: string[];
  /** Whether web services may reach it; absent where that could not be read. */
  webServiceAccess?: boolean;
  /** The fields used, by name; null for one that the table does not have. */
  fields: Record<string, UsedField | null>;
  /** Indexes as "field, field", with " (unique)"; absent where they could not be read. */
  indexes?: string[];
}

/** One field used, as the dictionary describes it. Members that are absent could not be read. */
export interface UsedField {
  /** The dictionary's type. */
  type?: string;
  /** The table that a reference refers to; empty for other fields. */
  reference?: string;
  /** Characters; null where the dictionary says none. */
  maxLength?: number | null;
  /** Whether the dictionary asks for a value. */
  mandatory?: boolean;
  /** Whether it may not be written. */
  readOnly?: boolean;
  /** Default value of a new record; empty without one. */
  defaultValue?: string;
  /** Labels of its active choices by value. */
  choices?: Record<string, string>;
}

/** One active access rule (`sys_security_acl`). */
export interface AccessRule {
  /** "incident", "incident.number", "*" for any table; of an API "Table API" and the like. */
  name: string;
  /** "read", "write", "create", "delete", "query_range", ...; of an API "execute". */
  operation: string;
  /** Roles of which the account needs one; empty where none is asked for; absent where they could not be read. */
  roles?: string[];
  /**
   * Whether it also has a condition, a script or a security attribute, which decides besides the roles; absent where that could not be read.
   */
  conditional?: boolean;
  /**
   * A digest of condition, script and security attribute, which are not kept: equal ones are equal texts. Absent without any, and where
   * condition or script is hidden.
   */
  digest?: string;
  /** "deny" for a rule that must be passed whatever others allow (Deny-Unless, since Xanadu); absent where the instance does not say. */
  decision?: "allow" | "deny";
  /** Whether an administrator passes it in any case; absent where that could not be read. */
  adminOverrides?: boolean;
}
