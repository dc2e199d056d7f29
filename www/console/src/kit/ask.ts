/** Asks the person from anywhere, one question at a time. `ask-dialog.tsx` draws the question; the page loads it with the first one. */
import { signal } from "@preact/signals";

interface Asking {
  /** The question, with the thing and its environment in it. */
  title: string;
  /** What happens, what is lost and what is not. */
  text?: string;
  /** The button that does it: a verb and its object. */
  yes: string;
}

export interface Decision extends Asking {
  /** `danger`: it cannot be undone. `prod`: it writes to production. */
  kind?: "plain" | "danger" | "prod";
}

export interface TextRequest extends Asking {
  /** The label of the field. */
  label: string;
  /** What the field holds at first. */
  value?: string;
  /** What is typed is not shown. */
  secret?: boolean;
}

export type Question = { id: number; refuse: () => void } & (
  | { decision: Decision; agree: () => void }
  | { request: TextRequest; agree: (text: string) => void }
);

/** The first is shown; the others wait for its answer. */
export const questions = signal<readonly Question[]>([]);

let asked = 0;

/** Resolves to whether the person agreed. Escape and a press outside count as no. */
export function ask(decision: Decision): Promise<boolean> {
  return new Promise((resolve) => {
    const end = ending(resolve);
    const question = { id: asked, decision, agree: () => end(true), refuse: () => end(false) };
    questions.value = [...questions.value, question];
  });
}

/** Resolves to the text as typed, or to null if the person gave none. */
export function askText(request: TextRequest): Promise<string | null> {
  return new Promise((resolve) => {
    const end = ending(resolve);
    questions.value = [...questions.value, { id: asked, request, agree: end, refuse: () => end(null) }];
  });
}

/** What ends the question with the next id. */
function ending<Answer>(resolve: (answer: Answer) => void): (answer: Answer) => void {
  asked += 1;
  const ended = asked;
  return (answer) => {
    questions.value = questions.value.filter(({ id }) => id !== ended);
    resolve(answer);
  };
}
