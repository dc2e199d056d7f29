/** Draws the question of `ask.ts`. Loaded with the first question. */
import { useSignal } from "@preact/signals";
import { type Question, questions } from "./ask";
import { Button, type ButtonKind } from "./button";
import { Dialog } from "./dialog";
import { Field } from "./field";

export function AskDialog() {
  const [first] = questions.value;
  if (!first) return null;
  return "request" in first ? (
    <TextQuestion key={first.id} {...first} />
  ) : (
    <DecisionQuestion key={first.id} {...first} />
  );
}

function DecisionQuestion({ decision, agree, refuse }: Extract<Question, { decision: unknown }>) {
  const { title, text, yes, kind = "plain" } = decision;
  return (
    <Dialog
      open={true}
      close={refuse}
      title={title}
      kind={kind === "prod" ? "prod" : "plain"}
      footer={<Buttons refuse={refuse} kind={kind === "plain" ? "primary" : kind} yes={yes} agree={agree} />}
    >
      {text && <p>{text}</p>}
    </Dialog>
  );
}

function TextQuestion({ request, agree, refuse }: Extract<Question, { request: unknown }>) {
  const { title, text, label, yes, secret } = request;
  const value = useSignal(request.value ?? "");
  const done = () => agree(value.value);
  return (
    <Dialog
      open={true}
      close={refuse}
      title={title}
      footer={<Buttons refuse={refuse} kind="primary" yes={yes} agree={done} />}
    >
      {text && <p>{text}</p>}
      <Field id="ask-text" label={label} value={value} type={secret ? "password" : "text"} onEnter={done} />
    </Dialog>
  );
}

/** The safe button is the first. */
function Buttons(props: { refuse: () => void; kind: ButtonKind; yes: string; agree: () => void }) {
  return (
    <>
      <Button onClick={props.refuse}>Cancel</Button>
      <Button kind={props.kind} onClick={props.agree}>
        {props.yes}
      </Button>
    </>
  );
}
