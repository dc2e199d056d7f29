/** The order of releases. Their names go by the alphabet; after Zurich (2025) it began again with Australia (2026). */

/**
 * Whether a release is older than the one with this initial, from F to Z. False also where the release is not known. Names from A to E
 * count as new: instances of before Fuji (2014) are not in use any more.
 */
export function isOlderThan(initial: string, family: string | undefined): boolean {
  const first = family?.trim().charAt(0).toUpperCase() ?? "";
  return first >= "F" && first < initial;
}
