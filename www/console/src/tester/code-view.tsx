/** The open request as a program that runs as it stands. The writers of the languages are loaded with it. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { CopyButton } from "../kit/copy-button";
import type { AuthSetting, Environment, SavedRequest } from "../workspace/model";
import { effectiveAuth } from "./prepare";
import type { Scope } from "./variables";
import "../style/code-view.css";

type Writers = typeof import("../interchange/code");

export function CodeView({
  request,
  ancestors,
  scopes,
  environment,
  instanceUrl,
}: {
  request: SavedRequest;
  ancestors: readonly AuthSetting[];
  scopes: readonly Scope[];
  environment: Environment | undefined;
  instanceUrl: string;
}) {
  const writers = useSignal<Writers | null>(null);
  const language = useSignal<Writers["LANGUAGES"][number]["id"]>("curl");

  useEffect(() => {
    void import("../interchange/code").then((loaded) => {
      writers.value = loaded;
    });
  }, [writers]);

  if (!writers.value) return <p class="hint">Loading the writers of code.</p>;
  const { LANGUAGES, codeOf } = writers.value;
  const own = effectiveAuth([...ancestors, request.auth]);
  const ofEnvironment = environment?.route.way === "direct" ? environment.route.auth : null;
  const auth = ofEnvironment ?? { kind: "oauth" as const, grant: "client_credentials" as const, clientId: "" };
  const facts = { instanceUrl, auth, ancestors, variables: scopes.flatMap(({ variables }) => variables) };
  const { text, needs } = codeOf(request, facts, language.value);
  return (
    <div class="code-view">
      <div class="code-tools">
        <select
          aria-label="Language"
          value={language.value}
          onChange={(event) => {
            language.value = event.currentTarget.value as typeof language.value;
          }}
        >
          {LANGUAGES.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
        <CopyButton label="Copy" text={text} />
        <span class="hint" role="status">
          {needs.length > 0 ? `Reads from the program's environment: ${needs.join(", ")}.` : "Needs no secret."}
          {own.kind === "inherit" && environment?.route.way === "worker" && " It signs in directly, not by the worker."}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (WCAG 2.1.1) */}
      <section class="code-text" tabIndex={0} aria-label="Code of the request">
        <pre class="mono">{text}</pre>
      </section>
    </div>
  );
}
