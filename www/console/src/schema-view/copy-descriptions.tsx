/** A table as TypeScript, JSON Schema or OpenAPI, to copy. What writes them is loaded with the first table. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { TableSchema } from "sysparm/schema";
import { CopyButton } from "../kit/copy-button";
import { Notice } from "../kit/notice";
import type { Environment } from "../workspace/model";
import { type Description, descriptionsOf, type Writers } from "./descriptions";

export function CopyDescriptions({ schema, environment }: { schema: TableSchema; environment: Environment }) {
  const writers = useSignal<Writers | "failed" | null>(null);
  useEffect(() => {
    Promise.all([import("sysparm/codegen"), import("sysparm/openapi")]).then(
      ([codegen, { openApi }]) => {
        writers.value = { codegen, openApi };
      },
      () => {
        writers.value = "failed";
      },
    );
  }, [writers]);

  const loaded = writers.value;
  if (loaded === null) return null;
  if (loaded === "failed")
    return <Notice tone="error">What writes descriptions could not be loaded from {location.host}.</Notice>;
  return (
    <>
      {descriptionsOf(loaded, schema, environment).map((description) => (
        <Copy key={description.name} description={description} />
      ))}
    </>
  );
}

function Copy({ description: { name, text, problem } }: { description: Description }) {
  return problem === "" ? (
    <span>
      <CopyButton label={`Copy as ${name}`} text={text} />
    </span>
  ) : (
    <span class="hint bad">
      {name} cannot be written. {problem}
    </span>
  );
}
