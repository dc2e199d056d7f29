/**
 * Seals texts before they are stored: AES-GCM with a 256 bit key and a random IV of 96 bits for each text (NIST SP 800-38D, section 8.2.2,
 * which allows 2^32 texts of one key). A sealed text names its key, so that keys can be rotated.
 *
 *   sealed:1:<key id>:<base64 of IV, ciphertext and tag>
 */

/** Why a text cannot be sealed or opened. No message holds a key or a content. */
export class SealingError extends Error {
  static override readonly name = "SealingError";
  override readonly name = "SealingError";
  /** The key that the text names. */
  readonly keyId?: string;

  constructor(message: string, keyId?: string) {
    super(message);
    if (keyId !== undefined) this.keyId = keyId;
  }
}

const MARK = "sealed:1:";
const SEALED = /^sealed:1:([\w-]{1,32}):([A-Za-z0-9+/]+={0,2})$/;
/** Base64 of 32 bytes. */
const KEY = /^([\w-]{1,32}):([A-Za-z0-9+/]{43}=)$/;
const IV_BYTES = 12;
/** Old keys are removed when everything is sealed with a newer one. */
const MOST_KEYS = 16;

const encoder = new TextEncoder();
// With `fatal` a wrong context is never taken for a text.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** One key, as bytes until its first use. */
interface SealingKey {
  readonly id: string;
  bytes: Uint8Array<ArrayBuffer> | undefined;
  imported: CryptoKey | undefined;
}

/** Seals with the first of its keys, and opens with each of them. */
export class Sealing {
  readonly #keys: ReadonlyMap<string, SealingKey>;
  readonly #first: SealingKey;

  private constructor(first: SealingKey, keys: ReadonlyMap<string, SealingKey>) {
    this.#first = first;
    this.#keys = keys;
  }

  /** @param text `k2:<base64 of 32 bytes>,k1:<...>`, the newest key first @throws SealingError that names the place and never the key */
  static fromText(text: string): Sealing {
    const entries = text.split(",").map((entry) => entry.trim());
    if (entries.length > MOST_KEYS) throw new SealingError(`Too many sealing keys. Pass 1 to ${MOST_KEYS}.`);
    const keys = new Map<string, SealingKey>();
    entries.forEach((entry, index) => {
      const [, id, base64] = KEY.exec(entry) ?? [];
      if (id === undefined || base64 === undefined) {
        throw new SealingError(
          `Invalid sealing key at position ${index + 1}. Pass \`id:key\`, with an id of 1 to 32 letters, digits, _ or -, and the base64 of 32 bytes (openssl rand -base64 32).`,
        );
      }
      if (keys.has(id)) throw new SealingError(`Two sealing keys have the id \`${id}\`. Give each its own.`, id);
      keys.set(id, { id, bytes: bytesOf(base64), imported: undefined });
    });
    const [first] = keys.values();
    if (!first) throw new SealingError("No sealing key. Pass at least one.");
    return new Sealing(first, keys);
  }

  /** Whether a text was sealed, by this version or a later one. */
  static isSealed(text: string): boolean {
    return text.startsWith("sealed:");
  }

  /** @param context where the text belongs; it opens with the same one only */
  async seal(plain: string, context: string): Promise<string> {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const key = await imported(this.#first);
    const sealed = await crypto.subtle.encrypt(parameters(iv, context), key, encoder.encode(plain));
    const bytes = new Uint8Array(IV_BYTES + sealed.byteLength);
    bytes.set(iv);
    bytes.set(new Uint8Array(sealed), IV_BYTES);
    return `${MARK}${this.#first.id}:${base64Of(bytes)}`;
  }

  /** @throws SealingError for a text of another form, sealed with a key that is not here, in another context, or changed since */
  async open(sealed: string, context: string): Promise<string> {
    const { key, bytes } = this.#parsed(sealed);
    try {
      const sealedWith = parameters(bytes.subarray(0, IV_BYTES), context);
      return decoder.decode(await crypto.subtle.decrypt(sealedWith, await imported(key), bytes.subarray(IV_BYTES)));
    } catch {
      // The engine's error says no more, and a cause might repeat what it was given.
      throw new SealingError(
        `The text sealed with the key \`${key.id}\` does not open. It was sealed for another place or with another key of this id, or was changed since.`,
        key.id,
      );
    }
  }

  /** Whether another key than the first has sealed the text. @throws SealingError for a text of another form, or of a key that is not here */
  isOlder(sealed: string): boolean {
    return this.#parsed(sealed).key !== this.#first;
  }

  /** The text sealed with the first key: the same text where that key has sealed it. `wasOlder` says whether another key had. */
  async reseal(sealed: string, context: string): Promise<{ text: string; wasOlder: boolean }> {
    const plain = await this.open(sealed, context);
    if (!this.isOlder(sealed)) return { text: sealed, wasOlder: false };
    return { text: await this.seal(plain, context), wasOlder: true };
  }

  #parsed(sealed: string): { key: SealingKey; bytes: Uint8Array<ArrayBuffer> } {
    const [, id, base64] = SEALED.exec(sealed) ?? [];
    const bytes = base64 === undefined ? undefined : bytesOf(base64);
    if (id === undefined || bytes === undefined || bytes.length <= IV_BYTES) {
      throw new SealingError("The text is not sealed in a form that this version knows. Seal it again.");
    }
    const key = this.#keys.get(id);
    if (!key) {
      throw new SealingError(
        `The text is sealed with the key \`${id}\`, which is not among the sealing keys. Add that key behind the first.`,
        id,
      );
    }
    return { key, bytes };
  }
}

/** Its promise is not kept: in a Worker it belongs to the request in which it was made. */
async function imported(key: SealingKey): Promise<CryptoKey> {
  if (!key.imported && key.bytes) {
    key.imported = await crypto.subtle.importKey("raw", key.bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    key.bytes = undefined;
  }
  return key.imported as CryptoKey;
}

function parameters(iv: Uint8Array<ArrayBuffer>, context: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: encoder.encode(context) };
}

/** Undefined where the text is no base64. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
