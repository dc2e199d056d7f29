/** What `SharedTokens` stores, with and without keys. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedTokensClass } from "./shared-tokens-class.ts";

const SharedTokens = await sharedTokensClass();
const key = (id: string, fill: number) => `${id}:${Buffer.alloc(32, fill).toString("base64")}`;

/** The storage of one object, which outlives it. */
class Storage {
  readonly texts = new Map<string, string>();
  async get(name: string): Promise<string | undefined> {
    return this.texts.get(name);
  }
  async put(name: string, text: string): Promise<void> {
    this.texts.set(name, text);
  }
}

function opened(storage: Storage, keys?: string, id = "object") {
  return new SharedTokens({ storage, id }, keys === undefined ? {} : { SEALING_KEYS: keys });
}

test("with keys everything that is written is sealed", async () => {
  const storage = new Storage();
  const object = opened(storage, key("k1", 1));
  await object.write("tokens", "refresh-token");
  assert.match(storage.texts.get("tokens") ?? "", /^sealed:1:k1:/);
  assert.equal(await object.read("tokens"), "refresh-token");
  assert.equal(await object.read("nothing"), undefined);
});

test("text from before the keys is readable, and sealed when written", async () => {
  const storage = new Storage();
  await opened(storage).write("tokens", "old");
  assert.equal(storage.texts.get("tokens"), "old");
  const object = opened(storage, key("k1", 1));
  assert.equal(await object.read("tokens"), "old");
  await object.write("tokens", "new");
  assert.match(storage.texts.get("tokens") ?? "", /^sealed:/);
});

test("sealed text does not open under another name or in another object", async () => {
  const storage = new Storage();
  const object = opened(storage, key("k1", 1));
  await object.write("tokens", "secret");
  storage.texts.set("other", storage.texts.get("tokens") ?? "");
  await assert.rejects(object.read("other"), { name: "SealingError", keyId: "k1" });
  await assert.rejects(opened(storage, key("k1", 1), "another").read("tokens"), { name: "SealingError" });
});

test("object without its keys names the key and no content", async () => {
  const storage = new Storage();
  await opened(storage, key("k1", 1)).write("tokens", "secret");
  for (const keys of [undefined, "", key("k2", 2)]) {
    await assert.rejects(opened(storage, keys).read("tokens"), (error: Error) => {
      assert.equal(error.name, "SealingError");
      assert.match(error.message, /`k1`/);
      assert.ok(!error.message.includes("secret") && !error.message.includes(storage.texts.get("tokens") ?? ""));
      return true;
    });
  }
});

test("invalid keys keep the lock working", async () => {
  const object = opened(new Storage(), "no key");
  await assert.rejects(object.write("tokens", "secret"), /position 1/);
  const word = await object.acquire("lock");
  assert.equal(await object.confirm("lock", word), true);
  await object.release("lock", word);
});
