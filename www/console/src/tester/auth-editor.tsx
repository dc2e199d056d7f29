/** How a request signs in: as its folder and environment say, or by its own means. */
import { useSignal } from "@preact/signals";
import type { AuthSetting, SecretRef } from "../workspace/model";
import type { Host } from "./host";

const LABELS: { [K in AuthSetting["kind"]]: string } = {
  inherit: "As the folder and the environment say",
  none: "None",
  basic: "Basic",
  bearer: "Bearer token",
  "api-key": "API key",
  oauth: "OAuth of its own",
};

export function AuthEditor({
  auth,
  inherited,
  host,
  onChange,
}: {
  auth: AuthSetting;
  /** In words: what `inherit` leads to. */
  inherited: string;
  host: Host;
  onChange: (auth: AuthSetting) => void;
}) {
  // OAuth needs the fields of an environment. An imported setting is shown and can be left.
  const kinds = (Object.keys(LABELS) as AuthSetting["kind"][]).filter((kind) => kind !== "oauth" || auth.kind === kind);

  async function choose(kind: AuthSetting["kind"]): Promise<void> {
    if (kind === "inherit" || kind === "none") onChange({ kind });
    else if (kind === "basic") onChange({ kind, username: "", password: await host.putSecret("") });
    else if (kind === "bearer") onChange({ kind, token: await host.putSecret("") });
    else if (kind === "api-key") onChange({ kind, key: await host.putSecret(""), in: "header" });
  }

  return (
    <div class="form-rows">
      <label class="inline-field">
        Auth
        <select value={auth.kind} onChange={(event) => void choose(event.currentTarget.value as AuthSetting["kind"])}>
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {LABELS[kind]}
            </option>
          ))}
        </select>
      </label>
      {auth.kind === "inherit" && <p class="hint">{inherited}</p>}
      {auth.kind === "none" && <p class="hint">The request is sent without Authorization.</p>}
      {auth.kind === "basic" && (
        <>
          <label class="inline-field">
            User name
            <input
              type="text"
              autocomplete="off"
              value={auth.username}
              onInput={(event) => onChange({ ...auth, username: event.currentTarget.value })}
            />
          </label>
          <SecretField
            label="Password"
            secret={auth.password}
            host={host}
            onChange={(password) => onChange({ ...auth, password })}
          />
        </>
      )}
      {auth.kind === "bearer" && (
        <SecretField label="Token" secret={auth.token} host={host} onChange={(token) => onChange({ ...auth, token })} />
      )}
      {auth.kind === "api-key" && (
        <>
          <SecretField label="Key" secret={auth.key} host={host} onChange={(key) => onChange({ ...auth, key })} />
          <label class="inline-field">
            Sent in
            <select
              value={auth.in}
              onChange={(event) => onChange({ ...auth, in: event.currentTarget.value as "header" | "query" })}
            >
              <option value="header">the header x-sn-apikey</option>
              <option value="query">the address, where proxies log it</option>
            </select>
          </label>
        </>
      )}
      {auth.kind === "oauth" && (
        <p class="hint">
          Client {auth.clientId}, grant {auth.grant}. To change it, make an environment with this grant.
        </p>
      )}
    </div>
  );
}

function SecretField({
  label,
  secret,
  host,
  onChange,
}: {
  label: string;
  secret: SecretRef;
  host: Host;
  onChange: (secret: SecretRef) => void;
}) {
  const typed = useSignal("");
  const held = host.secret(secret);
  return (
    <label class="inline-field">
      {label}
      <input
        type="password"
        autocomplete="off"
        value={typed.value}
        onInput={(event) => {
          typed.value = event.currentTarget.value;
        }}
        onChange={() => void host.putSecret(typed.value).then(onChange)}
      />
      <span class="hint">
        {held ? "Held in memory until the tab closes." : "Not held. Enter it; it is kept in memory only."}
      </span>
    </label>
  );
}
