import assert from "node:assert/strict";
import { test } from "node:test";
import { collectEarlyKeys, takeEarlyText, typedText } from "../src/app/early-keys";

const press = (key: string, held: Partial<Record<"ctrlKey" | "altKey", boolean>> = {}) => ({
  ...{ key, ctrlKey: false, metaKey: false, altKey: false, isComposing: false },
  ...held,
});

test("letters typed before the palette is there are collected", () => {
  let text = "";
  for (const key of ["i", "n", "x", "Backspace", "c", "Shift", "ArrowDown"]) text = typedText(text, press(key)) ?? text;
  assert.equal(text, "inc");
  assert.equal(typedText("a", press("k", { ctrlKey: true })), null);
  assert.equal(typedText("", press("Backspace")), "");
  const long = "a".repeat(200);
  assert.equal(typedText(long, press("b")), long, "a further letter is text too, and is dropped");
});

test("collected text is given once, and Escape closes", () => {
  const target = new EventTarget();
  Object.assign(globalThis, {
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
  });
  let closed = 0;
  const stop = collectEarlyKeys(() => {
    closed += 1;
  });
  const send = (key: string) => {
    const event = Object.assign(new Event("keydown", { cancelable: true }), press(key));
    target.dispatchEvent(event);
    return event.defaultPrevented;
  };
  assert.deepEqual(["a", "b", "Tab", "Enter"].map(send), [true, true, false, true]);
  assert.equal(takeEarlyText(), "ab");
  assert.equal(takeEarlyText(), "");
  send("x");
  send("Escape");
  stop();
  send("c");
  assert.equal(closed, 1);
  assert.equal(takeEarlyText(), "", "nothing of a palette that was left");
});
