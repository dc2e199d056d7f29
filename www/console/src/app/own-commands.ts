/** The commands of the frame: open a view, change the theme, show the shortcuts. */
import { go } from "./address";
import { registerCommands } from "./commands";
import { preferences, setPreference, THEMES } from "./preferences";
import { overlay } from "./shortcuts";
import { views } from "./views";

export function registerOwnCommands(): () => void {
  return registerCommands(() => [
    ...views.map(({ id, label, icon, letter }) => ({
      id: `view.${id}`,
      label,
      group: "Views",
      icon,
      keys: `G ${letter.toUpperCase()}`,
      run: () => go(id),
    })),
    ...THEMES.map((theme) => ({
      id: `theme.${theme}`,
      label: theme === "system" ? "Use the theme of the system" : `Use the ${theme} theme`,
      icon: "theme" as const,
      words: "colour scheme",
      run: () => setPreference({ theme }),
    })),
    {
      id: "density",
      label: preferences.value.roomy ? "Use dense rows" : "Use roomy rows",
      icon: "bars" as const,
      words: "density height compact",
      run: () => setPreference({ roomy: !preferences.value.roomy }),
    },
    {
      id: "shortcuts",
      label: "Show all shortcuts",
      icon: "text" as const,
      keys: "?",
      words: "keys keyboard",
      run: () => {
        overlay.value = "shortcuts";
      },
    },
  ]);
}
