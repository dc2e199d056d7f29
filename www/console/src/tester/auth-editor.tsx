/** How a request signs in: as its folder and environment say, or by its own means. */
import { useId } from "preact/hooks";
import { ASKED } from "../environments/form/methods";
import { type AuthSetting, newSecretRef, type SecretRef } from "../workspace/model";
import {
  type AuthField,
  changedTo,
  fieldsOf,
  fieldValue,
  methodLabel,
  methodOf,
  missingWords,
  REQUEST_METHODS,
  type RequestMethod,
  withValue,
} from "./auth-setting";
import type { Host } from "./host";

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
  const method = methodOf(auth);
  const methods = REQUEST_METHODS.includes(method) ? REQUEST_METHODS : [...REQUEST_METHODS, method];
  const missing = missingWords(auth, (ref) => host.secret(ref) !== undefined);
  return (
    <div class="form-rows">
      <label class="inline-field">
        Auth
        <select
          value={method}
          onChange={(event) => onChange(changedTo(event.currentTarget.value as RequestMethod, auth, newSecretRef))}
        >
          {methods.map((one) => (
            <option key={one} value={one}>
              {methodLabel(one)}
            </option>
          ))}
        </select>
      </label>
      {method === "inherit" && <p class="hint">{inherited}</p>}
      {method === "none" && <p class="hint">The request is sent without Authorization.</p>}
      {method === "authorization_code" ? (
        <p class="hint">
          A person signs in for the authorization code, which needs an environment of its own. Make one with this grant,
          and set Auth to that of the environment.
        </p>
      ) : (
        <>
          {fieldsOf(method).map((field) =>
            field.secret ? (
              // What was typed for one field is never kept for another.
              <SecretInput key={`${method} ${field.name}`} field={field} auth={auth} host={host} onChange={onChange} />
            ) : (
              <label class="inline-field" key={field.name}>
                {labelOf(field)}
                <input
                  type="text"
                  autocomplete="off"
                  spellcheck={false}
                  value={fieldValue(auth, field.name) ?? ""}
                  onInput={(event) => onChange(withValue(auth, field, event.currentTarget.value))}
                />
              </label>
            ),
          )}
          {auth.kind === "api-key" && (
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
          )}
          {method !== "inherit" && method !== "none" && (
            <p class="hint">
              {ASKED[method].hint} {missing} {auth.kind === "oauth" && "Each request obtains a token of its own."}
            </p>
          )}
        </>
      )}
    </div>
  );
}

/** The text goes to the vault and leaves the page when the field is left. */
function SecretInput({
  field,
  auth,
  host,
  onChange,
}: {
  field: AuthField;
  auth: AuthSetting;
  host: Host;
  onChange: (auth: AuthSetting) => void;
}) {
  const ref = fieldValue(auth, field.name) as SecretRef | undefined;
  const held = ref !== undefined && host.secret(ref) !== undefined;
  const take = (input: HTMLInputElement | HTMLTextAreaElement) => {
    const text = input.value;
    if (text === "") return;
    void host.putSecret(text).then((next) => {
      input.value = "";
      onChange(withValue(auth, field, next));
    });
  };
  const id = useId();
  return (
    <div class="inline-field">
      <label for={id}>{labelOf(field)}</label>
      {field.name === "privateKey" ? (
        <textarea
          id={id}
          rows={3}
          autocomplete="off"
          spellcheck={false}
          onChange={(event) => take(event.currentTarget)}
        />
      ) : (
        <input id={id} type="password" autocomplete="off" onChange={(event) => take(event.currentTarget)} />
      )}
      <span class="hint">
        {held
          ? "Held in memory until the tab closes. Leave it empty to keep it."
          : field.name === "privateKey"
            ? "PKCS #8 in PEM, or a JSON Web Key. It is kept in memory only."
            : "Not held. Enter it; it is kept in memory only."}
      </span>
    </div>
  );
}

function labelOf({ label, optional }: AuthField): string {
  return optional ? `${label} (optional)` : label;
}
