/** Rows of name and value. Each can be switched off without removing it. */
import { useId, useRef } from "preact/hooks";
import { newPair, type Pair } from "../workspace/model";

export interface PairNote {
  text: string;
  /** The variable that has no value. */
  missing?: string;
}

export function PairRows<P extends Pair>({
  noun,
  pairs,
  onChange,
  names,
  note,
  onSet,
  extra,
}: {
  noun: string;
  pairs: readonly P[];
  onChange: (pairs: P[]) => void;
  names: readonly string[];
  note?: (pair: P) => PairNote | null;
  /** Sets a variable that has no value. */
  onSet?: ((name: string) => void) | undefined;
  extra?: (pair: P, change: (part: Partial<P>) => void) => preact.ComponentChild;
}) {
  const group = useRef<HTMLDivElement>(null);
  const listId = useId();
  const change = (id: string, part: Partial<P>) =>
    onChange(pairs.map((pair) => (pair.id === id ? { ...pair, ...part } : pair)));

  function add(): void {
    const pair = newPair() as P;
    onChange([...pairs, pair]);
    requestAnimationFrame(() =>
      group.current?.querySelector<HTMLInputElement>(`[data-pair="${pair.id}"] input[type=text]`)?.focus(),
    );
  }

  /** Moves focus to the button that adds rows, because the pressed button is removed. */
  function remove(id: string): void {
    onChange(pairs.filter((pair) => pair.id !== id));
    group.current?.querySelector<HTMLButtonElement>("button.add")?.focus();
  }

  return (
    <div class="pairs" ref={group}>
      {pairs.map((pair, index) => {
        const says = note?.(pair);
        return (
          <div class={pair.on ? "pair" : "pair off"} key={pair.id} data-pair={pair.id}>
            <input
              type="checkbox"
              aria-label={`Send ${noun} ${index + 1}`}
              checked={pair.on}
              onChange={(event) => change(pair.id, { on: event.currentTarget.checked } as Partial<P>)}
            />
            <input
              type="text"
              class="mono"
              aria-label={`Name of ${noun} ${index + 1}`}
              list={listId}
              value={pair.name}
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => change(pair.id, { name: event.currentTarget.value } as Partial<P>)}
            />
            <span class="pair-value">
              {extra?.(pair, (part) => change(pair.id, part)) ?? (
                <input
                  type="text"
                  class="mono"
                  aria-label={`Value of ${noun} ${index + 1}`}
                  aria-invalid={says?.missing !== undefined}
                  value={pair.value}
                  autocomplete="off"
                  spellcheck={false}
                  onInput={(event) => change(pair.id, { value: event.currentTarget.value } as Partial<P>)}
                />
              )}
            </span>
            <span class={says?.missing === undefined ? "pair-note" : "pair-note missing"}>
              {says?.text}{" "}
              {says?.missing !== undefined && onSet && (
                <button type="button" class="link" onClick={() => onSet(says.missing ?? "")}>
                  Set it
                </button>
              )}
            </span>
            <button
              type="button"
              class="plain remove"
              aria-label={`Remove ${noun} ${index + 1}`}
              title="Remove"
              onClick={() => remove(pair.id)}
            >
              ×
            </button>
          </div>
        );
      })}
      <button type="button" class="plain add" onClick={add}>
        Add {noun}
      </button>
      <datalist id={listId}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </div>
  );
}
