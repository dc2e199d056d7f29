/** Decodes a JWT in the page. The text is a secret: it is masked, kept in the field alone, and gone when the dialog closes. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Button } from "../kit/button";
import { Dialog } from "../kit/dialog";
import { Notice } from "../kit/notice";
import { type Claim, type Decoded, decodeJwt } from "./jwt";

export function JwtDialog({ open, close }: { open: boolean; close: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const decoded = useSignal<Decoded | { problem: string } | null>(null);

  function leave(): void {
    decoded.value = null;
    close();
  }

  return (
    <Dialog
      open={open}
      close={leave}
      title="Decode a JWT"
      kind="wide"
      focus={field}
      footer={<Button onClick={leave}>Close</Button>}
    >
      <div class="field">
        <label for="jwt-text">Token</label>
        <input
          id="jwt-text"
          ref={field}
          type="password"
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => {
            const { value } = event.currentTarget;
            decoded.value = value.trim() === "" ? null : decodeJwt(value, Date.now());
          }}
        />
        <p class="hint">It is read in this page, sent nowhere and not kept. Its signature is not verified.</p>
      </div>
      {decoded.value && "problem" in decoded.value && (
        <p class="hint bad" role="alert">
          {decoded.value.problem}
        </p>
      )}
      {decoded.value && "claims" in decoded.value && (
        <section class="jwt" aria-label="Decoded token">
          {decoded.value.warnings.map((warning) => (
            <Notice key={warning} tone="warn">
              {warning}
            </Notice>
          ))}
          <Claims title="Claims" claims={decoded.value.claims} />
          <Claims title="Header" claims={decoded.value.header} />
        </section>
      )}
    </Dialog>
  );
}

function Claims({ title, claims }: { title: string; claims: readonly Claim[] }) {
  return (
    <>
      <h3>{title}</h3>
      <dl class="facts">
        {claims.map(({ name, value, meaning }) => (
          <div key={name} class="jwt-claim">
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              <bdi>{value}</bdi> {meaning && <span class="hint">{meaning}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
