/** Buttons. The label is a verb, and ends with "…" if a further question follows. At most one primary button in a pane. */
import type { ButtonHTMLAttributes, ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon";

export type ButtonKind = "primary" | "plain" | "quiet" | "link" | "danger" | "prod";

export interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "icon" | "disabled" | "children"> {
  children?: ComponentChildren;
  kind?: ButtonKind;
  small?: boolean;
  icon?: IconName;
  /** A ring precedes the label, which stays. Presses do nothing. */
  busy?: boolean;
  disabled?: boolean;
  /** Disables the button and says why. It stays in the order of the Tab key, so that the reason can be read. */
  disabledReason?: string | undefined;
}

export function Button({ kind = "plain", small, icon, busy, disabledReason, children, ...rest }: ButtonProps) {
  const inert = busy || disabledReason !== undefined;
  const { class: extra, onClick, type = "button", ...others } = rest;
  const classes = [kind === "plain" ? "" : kind, small ? "small" : "", extra ?? ""].filter(Boolean).join(" ");
  return (
    <button
      {...others}
      type={type}
      class={classes}
      {...(inert ? { "aria-disabled": "true" as const } : {})}
      {...(busy ? { "aria-busy": "true" as const } : {})}
      {...(disabledReason ? { title: disabledReason, "aria-description": disabledReason } : {})}
      onClick={(event) => {
        // Also keeps a button of a form from submitting.
        if (inert) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? <span class="ring" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button of an icon alone: for copy, close, more, previous, next and theme only. `label` is its name and tooltip. */
export function IconButton({
  label,
  icon,
  ...rest
}: Omit<ButtonProps, "children"> & { label: string; icon: IconName }) {
  const { kind = "quiet", class: extra, ...others } = rest;
  return (
    <Button title={label} {...others} kind={kind} icon={icon} class={`icon-only ${extra ?? ""}`} aria-label={label} />
  );
}
