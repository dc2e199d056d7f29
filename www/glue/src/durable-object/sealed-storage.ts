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

  /**
   * What was stored before there were keys is returned as it is. A text that an older key has sealed is sealed again with the first one, so that
   * the older key can be removed later. @throws SealingError
   */
  async get(name: string): Promise<string | undefined> {
    const text = await this.storage.get<string>(name);
    if (text === undefined || !Sealing.isSealed(text)) return text;
    if (this.#sealing) return this.#opened(name, text, this.#sealing);
    const keyId = text.split(":")[2];
    throw new SealingError(
      `A stored text is sealed with the key \`${keyId}\`. Add the binding SEALING_KEYS with that key.`,
      keyId,
    );
  }

  /** As `get()`, for what costs no more than a request to get again: undefined also where no key opens the text. */
  async getIfReadable(name: string): Promise<string | undefined> {
    try {
      return await this.get(name);
    } catch (error) {
      if (error instanceof SealingError) return undefined;
      throw error;
    }
  }

  /** Seals all texts with these names again that another key than the first has sealed. @throws SealingError where one does not open */
  async reseal(prefix: string): Promise<void> {
    for (const name of (await this.storage.list({ prefix })).keys()) await this.get(name);
  }

  /** Seals with the first key. */
  async put(name: string, text: string): Promise<void> {
    await this.storage.put(name, this.#sealing ? await this.#sealing.seal(text, this.#context(name)) : text);
  }

  async #opened(name: string, text: string, sealing: Sealing): Promise<string> {
    const context = this.#context(name);
    const plain = await sealing.open(text, context);
    if (!sealing.isOlder(text)) return plain;
    const newer = await sealing.seal(plain, context);
    // What was written or removed meanwhile stays so.
    if ((await this.storage.get<string>(name)) === text) await this.storage.put(name, newer);
    return plain;
  }

  #context(name: string): string {
    return `${this.#object} ${name}`;
  }
}
