import { useEffect, useState } from "react";
import { type Instance, SysparmError } from "sysparm";
import { connected, subscribe } from "./instance.js";

export type SignIn =
  | { state: "looking" }
  | { state: "signed-out" }
  | { state: "signed-in"; instance: Instance }
  | { state: "failed"; error: unknown };

/** Whether a person is signed in, from the first look to a sign-out in any tab. */
export function useSignIn(): SignIn {
  const [signIn, setSignIn] = useState<SignIn>({ state: "looking" });
  useEffect(() => {
    // StrictMode runs this effect twice. Both calls of handleRedirect() share the outcome of the one return.
    let isMounted = true;
    const show = (next: SignIn) => {
      if (isMounted) setSignIn(next);
    };
    const unsubscribe = subscribe((event) => {
      const isOver = event.type === "attention" && event.diagnosis.code === "token.sign-in-needed";
      if (event.type === "signed-out" || isOver) show({ state: "signed-out" });
    });
    look().then(show, (error: unknown) => show({ state: "failed", error }));
    return () => {
      isMounted = false;
      unsubscribe();
    };
  }, []);
  return signIn;
}

async function look(): Promise<SignIn> {
  const instance = await connected;
  if (await instance.handleRedirect()) {
    history.replaceState(null, "", "/");
    return { state: "signed-in", instance };
  }
  try {
    // From an earlier visit or another tab.
    await instance.token();
    return { state: "signed-in", instance };
  } catch (error) {
    // A visitor who has not signed in yet.
    if (error instanceof SysparmError && error.code === "token.sign-in-needed") return { state: "signed-out" };
    throw error;
  }
}

/** Sends the person to the instance's sign-in page. */
export async function beginSignIn(): Promise<void> {
  await (await connected).signIn();
}
