/** Virtual time: what is due runs in its order, at once. */
export class Clock {
  now = 1_800_000_000_000;
  readonly #due: Due[] = [];
  #order = 0;

  /** Runs later. Returns what cancels it. */
  after(ms: number, run: () => void): () => void {
    this.#order += 1;
    const entry = { at: this.now + Math.max(0, ms), order: this.#order, run, isOver: false };
    this.#push(entry);
    return () => {
      entry.isOver = true;
    };
  }

  /** Lets time pass. */
  pass(ms: number): void {
    const end = this.now + ms;
    for (let next = this.#due[0]; next && next.at <= end; next = this.#due[0]) {
      this.#pop();
      this.now = next.at;
      if (!next.isOver) next.run();
    }
    this.now = end;
  }

  /** A binary heap: hundreds of thousands of events are due in a day. */
  #push(entry: Due): void {
    const heap = this.#due;
    let at = heap.push(entry) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent])) break;
      heap[at] = heap[parent] as Due;
      at = parent;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#due;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (isBefore(heap[child + 1], heap[child])) child += 1;
      if (!isBefore(heap[child], last)) break;
      heap[at] = heap[child] as Due;
      at = child;
    }
    heap[at] = last;
  }
}

interface Due {
  readonly at: number;
  /** What is due at the same time runs in the order in which it was asked for. */
  readonly order: number;
  readonly run: () => void;
  isOver: boolean;
}

function isBefore(one: Due | undefined, other: Due | undefined): boolean {
  if (!one || !other) return false;
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
