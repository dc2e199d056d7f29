/** The forms of keys of records. */

export const SYS_ID = /^[\da-f]{32}$/i;

/** Records of the platform may have a word as their key: `global`. */
export const KEY = /^[\w-]{1,64}$/;
