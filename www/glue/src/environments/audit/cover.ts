/** The least set of roles that passes every need. */
/** Sets of roles are few: an integration's needs name some ten. Beyond this many tries the best so far is taken. */
const MOST_TRIES = 20_000;

/**
 * `passes` says whether a role passes a need, and `weigh` what granting it costs: the sum is the least. Undefined where a need is passed
 * by no candidate.
 */
export function leastRoles<Need>(
  needs: readonly Need[],
  candidates: readonly string[],
  passes: (role: string, need: Need) => boolean,
  weigh: (role: string) => number,
): string[] | undefined {
  const choices = needs.map((need) => {
    const roles = candidates.filter((role) => passes(role, need));
    return roles.sort((one, other) => weigh(one) - weigh(other) || (one < other ? -1 : 1));
  });
  if (choices.some(({ length }) => length === 0)) return undefined;
  // The need with the fewest ways first.
  choices.sort((one, other) => one.length - other.length);
  let best: string[] | undefined;
  let least = Infinity;
  let tries = 0;
  const choose = (chosen: readonly string[], weight: number) => {
    tries += 1;
    if (weight >= least || (best && tries > MOST_TRIES)) return;
    const open = choices.find((roles) => !roles.some((role) => chosen.includes(role)));
    if (!open) {
      best = [...chosen];
      least = weight;
      return;
    }
    for (const role of open) choose([...chosen, role], weight + weigh(role));
  };
  choose([], 0);
  return best?.sort();
}
