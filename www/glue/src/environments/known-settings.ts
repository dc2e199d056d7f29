/**
 * The properties and plugins that decide about integrations. Comments name the pages of the product documentation. `absent` is the
 * value that a missing property stands for, where the documentation says so.
 */
import type { Rank } from "sysparm/environments";

/** What a setting decides. */
export interface KnownSetting {
  rank: Rank;
  /** What a different value changes. */
  why: string;
  /** The value that a missing property has. */
  absent?: string;
  /** Parts separated by commas, in any order. */
  isList?: true;
}

const setting = (rank: Rank, why: string, absent?: string): KnownSetting => ({
  rank,
  why,
  ...(absent !== undefined && { absent }),
});

const listed = (known: KnownSetting): KnownSetting => ({ ...known, isList: true });

/** Properties by name. */
export const PROPERTIES: Readonly<Record<string, KnownSetting>> = {
  // "Set the OAuth property", "Create a client credentials system property".
  "com.snc.platform.security.oauth.is.active": setting(
    "sign-in",
    "Without OAuth the instance issues no token.",
    "true",
  ),
  "glide.oauth.inbound.client.credential.grant_type.enabled": setting(
    "sign-in",
    "Only true lets clients sign in with client credentials.",
    "false",
  ),
  // "Disable resource owner password credentials".
  "glide.oauth.inbound.ropc.grant_type.disabled": setting("sign-in", "True refuses the password grant.", "false"),
  // "Restrict OAuth parameters to POST body". Absent on instances that were upgraded from before Madrid, where parameters of the address are taken.
  "glide.oauth.allow.parameters.in.post.body.only": setting(
    "sign-in",
    "True refuses token requests with parameters in the address.",
    "false",
  ),
  // "Enforce OAuth state parameter validation", "Prevent OAuth clients from using implicit grant".
  "glide.oauth.state.parameter.required": setting(
    "sign-in",
    "True refuses sign-ins of people without a state.",
    "false",
  ),
  "glide.oauth.clients.allowed.for.implicit.grant": listed(
    setting("sign-in", "Only the clients listed may use the implicit grant.", ""),
  ),
  // "Allow CORS Origins for OAuth Endpoints".
  "glide.oauth.cors.allowed.origin": setting(
    "sign-in",
    "A page of another origin cannot ask for a token unless it is named.",
    "",
  ),
  // "Basic authentication restriction", "Multi-factor authentication properties", "API request authorization".
  "glide.authenticate.basic_auth.restriction.enforce": setting(
    "sign-in",
    "True refuses Basic sign-in of accounts that may use the user interface.",
    "false",
  ),
  "glide.authenticate.basic_auth.restriction.active": setting(
    "sign-in",
    "The restriction of Basic sign-in counts only while it is true.",
  ),
  "glide.authenticate.basic_auth.allowed_roles": listed(
    setting(
      "sign-in",
      "Accounts with one of these roles keep Basic sign-in while it is restricted.",
      "snc_basic_auth_api_access",
    ),
  ),
  "glide.authenticate.basic_auth.allow_wsao": setting(
    "sign-in",
    "False refuses Basic sign-in of web service accounts, too.",
    "true",
  ),
  "glide.authenticate.multifactor.for_integrations": setting(
    "sign-in",
    "True asks enrolled accounts for a one-time code with Basic sign-in.",
    "false",
  ),
  "glide.authenticate.api.user.reset_password.mandatory": setting(
    "sign-in",
    "True refuses accounts whose password has to be reset.",
    "false",
  ),
  "glide.basicauth.required.api": setting("requests", "True refuses API requests without credentials."),
  // Named by guides of integrations; KB0783404.
  "glide.security.oauth_allow_unscoped_clients": setting(
    "requests",
    "It decides what clients without an auth scope may reach.",
  ),
  "glide.security.snc_read_only_role.tables.exempt_create": listed(
    setting("sign-in", "An account with the role snc_read_only gets a token only if the tables of tokens are listed."),
  ),
  // "REST API Auth Scope properties".
  "com.glide.rest.api.auth.scope.check.enable": setting(
    "requests",
    "True asks for auth scopes where an API names one.",
    "true",
  ),
  // "Create a REST API access policy", "Limit integrations active session life span".
  "glide.security.response.authenticate.header.auth_profile.first_scheme_only": setting(
    "cosmetic",
    "It decides whether a 401 names one or all ways to sign in.",
    "true",
  ),
  "glide.authenticate.oauth.post.token.expiration.cookie_auth.disabled": setting(
    "cosmetic",
    "True ends the session of cookies with the token.",
  ),
  "glide.integration.session_timeout": setting("limits", "Minutes until a session without requests ends."),
  "glide.integrations.active.session.life_span": setting(
    "limits",
    "Minutes after which a session of an integration ends.",
    "0",
  ),
  // "Table API", "Restrict write access on system fields to admin users".
  "glide.rest.apis.disabled": listed(setting("requests", "The APIs listed are switched off.", "")),
  "glide.rest.table_api.admin_only_sys_fields": setting(
    "data",
    "True drops sys_id, sys_created_* and sys_updated_* from writes of others than administrators.",
    "false",
  ),
  "glide.rest.choice.allow_non_existing_value": setting(
    "data",
    "True stores values that are no choice of their field.",
    "false",
  ),
  // "Define a CORS rule".
  "glide.rest.cors.enabled": setting("requests", "False refuses every request of a page of another origin.", "true"),
  // "Table API", "Enforce field ACLs for inbound query requests".
  "glide.invalid_query.returns_no_rows": setting(
    "data",
    "With false a condition on a wrong field is left out, and other rows come; with true none come.",
    "false",
  ),
  "glide.export.query.enforce_field_acl": setting(
    "requests",
    "True refuses queries on fields that the account may not read.",
  ),
  // Access management release notes of Brazil.
  "glide.security.acl_with_invalid_roles_strict_deny": setting(
    "requests",
    "True denies what an access rule guards whose roles do not exist.",
  ),
  // "Controlling maximum REST API payload size".
  "glide.rest.max_content_length": setting("limits", "Megabytes of a request's body; longer ones are refused.", "10"),
  // "Batch API".
  "glide.rest.batch.max.inputSize": setting("limits", "Megabytes of a request in a batch.", "5"),
  "glide.rest.batch.max.outputSize": setting("limits", "Megabytes of a reply in a batch.", "10"),
  // "Available system properties".
  "com.glide.attachment.max_size": setting("limits", "Megabytes of an attachment.", "1024"),
  "glide.attachment.extensions": listed(
    setting("requests", "Only files with these extensions are taken; empty takes all.", ""),
  ),
  "glide.attachment.role": listed(
    setting("requests", "Only accounts with one of these roles may add attachments.", "public"),
  ),
  "glide.security.file.mime_type.validation": setting(
    "requests",
    "True refuses files whose content is of another type.",
    "false",
  ),
  // "Available system properties": display values and relative dates follow them.
  "glide.sys.default.tz": setting("data", "Display values and dates such as today follow the time zone."),
  "glide.sys.date_format": setting("data", "Display values of dates have this form."),
  "glide.sys.time_format": setting("data", "Display values of times have this form."),
  // KB0813822; "Service Catalog API".
  "glide.sc.enable_order_now": setting("data", "Without true, an order takes along what the cart holds."),
  "glide.sc.req_for.roles.default": setting("requests", "It decides who may order for others."),
  // "Available system properties".
  "glide.hosts.allowlist": listed(
    setting("requests", "Change messages reach only the hosts listed, where it is set.", ""),
  ),
  // "Manage OAuth tokens".
  "com.snc.platform.security.oauth.hours.expired.credential.is.kept": setting(
    "cosmetic",
    "Hours that expired tokens are kept.",
  ),
};

/** Plugins by id ("Set the OAuth property", "REST API Auth Scope", "Create a REST API access policy", "Set up mutual authentication"). */
export const PLUGINS: Readonly<Record<string, KnownSetting>> = {
  "com.snc.platform.security.oauth": setting("sign-in", "Without OAuth 2.0 the instance issues no token."),
  "com.glide.tokenbased_auth": setting("sign-in", "Without it API keys and HMAC do not sign in."),
  "com.glide.auth.mutual": setting("sign-in", "Without it client certificates do not sign in."),
  "com.glide.rest.policy": setting(
    "requests",
    "Without it access policies have no effect, and API keys reach nothing.",
  ),
  "com.glide.rest.auth.scope": setting("requests", "Without it auth scopes have no effect."),
};
