/** A button that chooses files. The browser's own file field has words of the browser's language and cannot be styled. */
import { useRef } from "preact/hooks";
import { Button, type ButtonProps } from "./button";

interface FileButtonProps extends Pick<ButtonProps, "small" | "disabled" | "kind" | "busy"> {
  /** A verb and its object, with "…": the browser asks which file. */
  label: string;
  /** As in HTML: ".csv,.json". */
  accept?: string;
  /** Chooses a folder, with all files in it. */
  folder?: boolean;
  /** Called with at least one file; with the same one again if it is chosen again. */
  onFiles: (files: readonly [File, ...File[]]) => void;
}

export function FileButton({ label, accept, folder, onFiles, ...rest }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button {...rest} icon="folder" onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label={label}
        {...(accept === undefined ? {} : { accept })}
        {...(folder ? { webkitdirectory: true } : {})}
        onChange={(event) => {
          const [first, ...others] = event.currentTarget.files ?? [];
          event.currentTarget.value = "";
          if (first) onFiles([first, ...others]);
        }}
      />
    </>
  );
}
