/** Commands of the palette: change to an environment, lock the one in use. Named anew each time the palette opens. */
import { go } from "../app/address";
import { type Command, registerCommands } from "../app/commands";
import { hostOf } from "./environments";
import type { Workspace } from "./workspace";

export function registerEnvironmentCommands({ environments, guard }: Workspace): () => void {
  return registerCommands(() => {
    const current = environments.current.value;
    const others = environments.list.value.filter(({ id }) => id !== current?.id);
    const found: Command[] = others.map((environment) => ({
      id: `environment.${environment.id}`,
      label: `Change to ${environment.name}`,
      group: "Environments",
      icon: "plug",
      words: `@ ${hostOf(environment)} ${environment.kind}`,
      run: () => void environments.select(environment.id),
    }));
    if (current?.readOnly) {
      const locked = guard.isLocked(current);
      found.push({
        id: "environment.lock",
        label: locked ? `Unlock ${current.name} for 30 minutes` : `Lock ${current.name}`,
        group: "Environments",
        icon: "lock",
        words: "read-only writes",
        run: () => (locked ? guard.unlock(current.id) : guard.lock(current.id)),
      });
    }
    found.push({
      id: "environment.manage",
      label: "Change environments, variables and secrets",
      group: "Environments",
      icon: "lock",
      run: () => go("environments"),
    });
    return found;
  });
}
