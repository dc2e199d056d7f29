/** Names that differ, in the order given: of two environments with one name, the second has its host, too. */
export function distinctNames(environments: readonly { name: string; host: string }[]): string[] {
  const names: string[] = [];
  for (const { name, host } of environments) {
    let made = names.includes(name) ? `${name} (${host})` : name;
    for (let number = 2; names.includes(made); number += 1) made = `${name} (${host}, ${number})`;
    names.push(made);
  }
  return names;
}
