/** Rows of name and value. Each can be switched off without removing it. */
import { useRef } from "preact/hooks";
import { SuggestInput } from "../kit/suggest-input";
import type { Completion, Suggestion } from "../kit/suggestion";
import { completed } from "../schema/completion";
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
  complete,
  after,
  extra,
}: {
  noun: string;
  pairs: readonly P[];
  onChange: (pairs: P[]) => void;
  /** Proposed as names. */
  names: readonly Suggestion[];
  note?: (pair: P) => PairNote | null;
  /** Sets a variable that has no value. */
  onSet?: ((name: string) => void) | undefined;
  /** What may stand at the cursor of a value. */
  complete?: (pair: P, text: string, caret: number) => Completion | null;
  /** Stands behind the field of a value. */
  after?: (pair: P, change: (part: Partial<P>) => void) => preact.ComponentChild;
  extra?: (pair: P, change: (part: Partial<P>) => void) => preact.ComponentChild;
}) {
  const group = useRef<HTMLDivElement>(null);
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
            <SuggestInput
              class="mono"
              label={`Name of ${noun} ${index + 1}`}
              value={pair.name}
              onValue={(name) => change(pair.id, { name } as Partial<P>)}
              complete={(text, caret) => completeName(text, caret, names, noun)}
            />
            <span class="pair-value">
              {extra?.(pair, (part) => change(pair.id, part)) ?? (
                <SuggestInput
                  class="mono"
                  label={`Value of ${noun} ${index + 1}`}
                  invalid={says?.missing !== undefined}
                  value={pair.value}
                  onValue={(value) => change(pair.id, { value } as Partial<P>)}
                  complete={(text, caret) => complete?.(pair, text, caret) ?? null}
                />
              )}
              {after?.(pair, (part) => change(pair.id, part))}
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
    </div>
  );
}

function completeName(text: string, caret: number, names: readonly Suggestion[], noun: string): Completion | null {
  if (names.length === 0 || names.some(({ value }) => value === text)) return null;
  return completed(0, text.length, text.slice(0, caret), names, `${noun}s are listed`);
}
