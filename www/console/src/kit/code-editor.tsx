/** A field of code. The editor is loaded when the first one is drawn; until then its place is empty and as large. */
import { useEffect, useRef, useState } from "preact/hooks";
import type { Editor, EditorOptions, Language } from "./code-mirror";

interface CodeEditorProps {
  id?: string;
  /** Read to assistive technology, and the name by which tests find the field. */
  label: string;
  value: string;
  /** Without it the text can be read, searched and copied, but not changed. */
  onChange?: (text: string) => void;
  language?: Language;
  extensions?: EditorOptions["extensions"];
  singleLine?: boolean;
  class?: string;
}

export function CodeEditor({
  id,
  label,
  value,
  onChange,
  language = "text",
  extensions,
  singleLine = false,
  class: extra,
}: CodeEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<Editor | null>(null);
  const [failed, setFailed] = useState(false);
  /** The latest, because the editor outlives a drawing. */
  const latest = useRef({ onChange, value });
  latest.current = { onChange, value };
  const readOnly = onChange === undefined;

  useEffect(() => {
    let gone = false;
    let opened: Editor | null = null;
    import("./code-mirror").then(
      ({ openEditor }) => {
        if (gone || !host.current) return;
        opened = openEditor({
          host: host.current,
          label,
          text: latest.current.value,
          language,
          readOnly,
          singleLine,
          onChange: (text) => latest.current.onChange?.(text),
          ...(extensions ? { extensions } : {}),
        });
        setEditor(opened);
      },
      () => setFailed(true),
    );
    return () => {
      gone = true;
      opened?.destroy();
    };
  }, []);

  useEffect(() => editor?.setText(value), [editor, value]);
  useEffect(() => editor?.setLanguage(language), [editor, language]);
  useEffect(() => editor?.setReadOnly(readOnly), [editor, readOnly]);

  if (failed) {
    // Without the network the text can still be read and changed.
    return (
      <textarea
        id={id}
        class={`code-editor ${extra ?? ""}`}
        aria-label={label}
        readOnly={readOnly}
        spellcheck={false}
        value={value}
        onInput={(event) => onChange?.(event.currentTarget.value)}
      />
    );
  }
  return <div id={id} ref={host} class={`code-editor ${extra ?? ""}`} data-ready={editor ? "" : undefined} />;
}
