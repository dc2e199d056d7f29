/** Rows of name and value. Each can be switched off without removing it. */
import type { Signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { newPair, type Pair } from "../workspace/model";

export function PairRows({
  noun,
  legend,
  pairs,
  names,
}: {
  noun: string;
  legend: string;
  pairs: Signal<Pair[]>;
  names: readonly string[];
}) {
  const group = useRef<HTMLFieldSetElement>(null);
  const listId = `${noun}-names`;

  function change(id: string, part: Partial<Pair>): void {
    pairs.value = pairs.value.map((pair) => (pair.id === id ? { ...pair, ...part } : pair));
  }

  function add(): void {
    if (pairs.value.length >= MOST_PAIRS) return;
    const pair = newPair();
    pairs.value = [...pairs.value, pair];
    requestAnimationFrame(() =>
      group.current?.querySelector<HTMLInputElement>(`[data-pair="${pair.id}"] input[type=text]`)?.focus(),
    );
  }

  /** Moves focus to the button that adds rows, because the pressed button is removed. */
  function remove(id: string): void {
    pairs.value = pairs.value.filter((pair) => pair.id !== id);
    group.current?.querySelector<HTMLButtonElement>("button.add")?.focus();
  }

  return (
    <fieldset class="pairs" ref={group}>
      <legend>{legend}</legend>
      {pairs.value.map((pair, index) => (
        <div class="pair" key={pair.id} data-pair={pair.id}>
          <input
            type="checkbox"
            aria-label={`Send ${noun} ${index + 1}`}
            checked={pair.on}
            onChange={(event) => change(pair.id, { on: event.currentTarget.checked })}
          />
          <input
            type="text"
            aria-label={`Name of ${noun} ${index + 1}`}
            list={listId}
            value={pair.name}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => change(pair.id, { name: event.currentTarget.value })}
          />
          <input
            type="text"
            aria-label={`Value of ${noun} ${index + 1}`}
            value={pair.value}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => change(pair.id, { value: event.currentTarget.value })}
          />
          <button
            type="button"
            class="plain"
            aria-label={`Remove ${noun} ${index + 1}`}
            onClick={() => remove(pair.id)}
          >
            Remove
          </button>
        </div>
      ))}
      <button type="button" class="plain add" onClick={add} disabled={pairs.value.length >= MOST_PAIRS}>
        Add {noun}
      </button>
      <datalist id={listId}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </fieldset>
  );
}

const MOST_PAIRS = 50;
