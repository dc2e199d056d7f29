/** What a person does with what is kept on this device as a whole: export, import, forgetting all secrets. */
import { signal } from "@preact/signals";
import { plural } from "../number";
import { carryOut, type Plan, planImport } from "./importing";
import { forgetSecrets, type Workspace } from "./workspace";

/** `save` is given the text of an export. `confirm` asks whether an import may replace that many records. */
export function createKeptData(
  workspace: Pick<Workspace, "store" | "vault" | "environments" | "connections">,
  save: (text: string) => void,
  confirm: (replaced: number) => Promise<boolean>,
) {
  const { store, environments } = workspace;
  /** What became of the last thing that was done. */
  const said = signal("");

  /** Says what `work` returns, or that it failed. */
  async function saying(failed: string, work: () => Promise<string>): Promise<void> {
    said.value = "";
    try {
      said.value = await work();
    } catch (thrown) {
      said.value = `${failed} ${thrown instanceof Error ? thrown.message : String(thrown)}`;
    }
  }

  const exportAll = () =>
    saying("Nothing was exported.", async () => {
      save(await store.exportAll());
      return "";
    });

  /** Takes the text of an export, or what reads it from a file. */
  const read = (text: string | Promise<string>) =>
    saying("Nothing was imported.", async () => {
      const plan = await planImport(await text, store, environments);
      if (plan.replaced > 0 && !(await confirm(plan.replaced))) return "Nothing was imported.";
      return carriedOut(plan);
    });

  async function carriedOut(plan: Plan): Promise<string> {
    const count = plan.records.length;
    try {
      await carryOut(plan, store, environments);
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      return `Not all of the file was imported. ${why} Import it again: what is here already is left out.`;
    }
    if (count === 0) return "Everything in the file is here already.";
    return `${plural(count, "record")} imported. Secrets are not in the file: enter them again.`;
  }

  const forgetAll = () =>
    saying("The secrets on this device could not be forgotten; those of this tab are. Try again.", async () => {
      await forgetSecrets(workspace);
      return "Every secret is forgotten, and every environment is disconnected.";
    });

  return { said, exportAll, read, forgetAll };
}
