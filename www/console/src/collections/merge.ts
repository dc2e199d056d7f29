/** Changes of a copy put over changes of its original. Pure. */

/** The edited copy, in which each member that the copy left as it was `before` is that of the original `now`. */
export function mergeEdits<Data extends object>(before: Data, edited: Data, now: Data): Data {
  const merged = { ...now, ...edited };
  for (const name of Object.keys(now) as (keyof Data)[])
    if (JSON.stringify(edited[name]) === JSON.stringify(before[name])) merged[name] = now[name];
  return merged;
}
