/** Facts in place: a notice with an icon, a tag for a state, the text of an empty pane. */
import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon";

export type Tone = "info" | "ok" | "warn" | "error";

const ICONS: Record<Tone, IconName> = { info: "info", ok: "check", warn: "warn", error: "close" };

interface NoticeProps {
  tone?: Tone;
  /** One sentence. */
  children: ComponentChildren;
  /** At most two. */
  actions?: ComponentChildren;
  /** Read at once: for what went wrong after the reader's action. */
  alert?: boolean;
}

export function Notice({ tone = "info", children, actions, alert }: NoticeProps) {
  return (
    <div class={`notice with-icon ${tone}`} {...(alert ? { role: "alert" as const } : {})}>
      <Icon name={ICONS[tone]} />
      <div class="grow">{children}</div>
      {actions}
    </div>
  );
}

interface EmptyProps {
  icon: IconName;
  /** What appears here. */
  title: string;
  /** How to get it. */
  children?: ComponentChildren;
  /** One button. */
  action?: ComponentChildren;
}

export function Empty({ icon, title, children, action }: EmptyProps) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}
