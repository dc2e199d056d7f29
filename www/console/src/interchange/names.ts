/** Variables that exports add and imports take away again. */
export const INSTANCE_VARIABLE = "instance_url";
export const TOKEN_VARIABLE = "access_token";
