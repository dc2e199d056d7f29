/** The texts in an object's storage: sealed where there are keys, and readable as they were stored. */
import { Sealing, SealingError } from "./sealing.js";

/** The used members of a Durable Object's storage. */
export interface ObjectStorage {
  get<T>(name: string): Promise<T | undefined>;
  put(name: string, value: unknown): Promise<void>;
  delete(names: string[]): Promise<number>;
  list(options: { prefix: string }): Promise<Map<string, unknown>>;
  setAlarm(at: number): Promise<void>;
  deleteAlarm(): Promise<void>;
}

/** Seals for one object: a text that is copied to another object, or to another name, does not open. */
export class SealedStorage {
  readonly storage: ObjectStorage;
  readonly #sealing: Sealing | undefined;
  readonly #object: string;

  constructor(storage: ObjectStorage, sealing: Sealing | undefined, object: string) {
    this.storage = storage;
    this.#sealing = sealing;
    this.#object = object;
  }

  /** What was stored before there were keys is returned as it is. @throws SealingError */
  async get(name: string): Promise<string | undefined> {
    const text = await this.storage.get<string>(name);
    if (text === undefined || !Sealing.isSealed(text)) return text;
    if (this.#sealing) return this.#sealing.open(text, this.#context(name));
    const keyId = text.split(":")[2];
    throw new SealingError(
      `A stored text is sealed with the key \`${keyId}\`. Add the binding SEALING_KEYS with that key.`,
      keyId,
    );
  }

  /** Seals with the first key. */
  async put(name: string, text: string): Promise<void> {
    await this.storage.put(name, this.#sealing ? await this.#sealing.seal(text, this.#context(name)) : text);
  }

  #context(name: string): string {
    return `${this.#object} ${name}`;
  }
}
