/**
 * Scripts that complete the command line in a shell. The words stand in the script, so that a Tab starts no program; only the names of
 * profiles are asked of `sysparm`. Rejected: @bomb.sh/tab, whose scripts start the program anew at each Tab.
 */
import type { CommandPlace, ValuesOf } from "./candidates.js";

export const SHELLS = ["bash", "zsh", "powershell"] as const;
export type Shell = (typeof SHELLS)[number];

/** The words of the commands are names and options: nothing in them means anything to a shell. */
export function completionScript(shell: Shell, places: readonly CommandPlace[]): string {
  return { bash, zsh, powershell }[shell](places);
}

const PROFILES = "sysparm profile list 2>/dev/null | cut -d ' ' -f 1";

function bash(places: readonly CommandPlace[]): string {
  const act = (values: ValuesOf) => {
    if (values === "profile") return `words=$(${PROFILES})`;
    // Where nothing is proposed, bash proposes files.
    return typeof values === "string" ? "return" : `words="${values.join(" ")}"`;
  };
  const words = ({ takesFile, words: own }: CommandPlace) => {
    return `${takesFile ? "[[ $current == -* ]] || return; " : ""}words="${own.join(" ")}"`;
  };
  return `# Completion of sysparm for bash. In ~/.bashrc: source <(sysparm completion bash)
_sysparm() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} place="" words=""
  COMPREPLY=()
  if ((COMP_CWORD > 1)); then place=\${COMP_WORDS[1]}; fi
  case "$place" in
    ${groups(places).join(" | ")}) if ((COMP_CWORD > 2)); then place="$place \${COMP_WORDS[2]}"; fi ;;
  esac
  case "$place $previous" in
${optionCases(places, act)}
    *)
      case "$place" in
${wordCases(places, words)}
      esac
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _sysparm sysparm
`;
}

function zsh(places: readonly CommandPlace[]): string {
  const act = (values: ValuesOf) => {
    if (values === "profile") return `compadd -- \${(f)"$(${PROFILES})"}`;
    if (values === "other") return ":";
    return values === "file" ? "_files" : `compadd -- ${values.join(" ")}`;
  };
  const words = ({ takesFile, words: own }: CommandPlace) => {
    const files = `[[ \${words[CURRENT]} == -* ]] || { _files; return; }; `;
    return `${takesFile ? files : ""}compadd -- ${own.join(" ")} || _files`;
  };
  return `#compdef sysparm
# Completion of sysparm for zsh. In ~/.zshrc, after compinit: source <(sysparm completion zsh)
_sysparm() {
  local previous=\${words[CURRENT-1]} place=""
  if ((CURRENT > 2)); then place=\${words[2]}; fi
  case "$place" in
    ${groups(places).join(" | ")}) if ((CURRENT > 3)); then place="$place \${words[3]}"; fi ;;
  esac
  case "$place $previous" in
${optionCases(places, act)}
    *)
      case "$place" in
${wordCases(places, words)}
      esac
      ;;
  esac
}
compdef _sysparm sysparm
`;
}

function powershell(places: readonly CommandPlace[]): string {
  const list = (words: readonly string[]) => `@(${words.map((word) => `'${word}'`).join(", ")})`;
  const values = (given: ValuesOf) => (typeof given === "string" ? `'${given}'` : list(given));
  const options = places.flatMap(({ name, options }) =>
    options.map(([option, given]) => `    '${name} ${option}' = ${values(given)}`),
  );
  // A completer that returns nothing leaves the word to PowerShell, which proposes files.
  return `# Completion of sysparm for PowerShell. In $PROFILE: sysparm completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName sysparm -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @{
${places.map(({ name, words }) => `    '${name}' = ${list(words)}`).join("\n")}
  }
  $values = @{
${options.join("\n")}
  }
  $given = @($commandAst.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
  if ($wordToComplete -ne '') { $given = @($given | Select-Object -SkipLast 1) }
  $place = ''
  if ($given.Count -ge 1) { $place = $given[0] }
  if (${list(groups(places))} -contains $place -and $given.Count -ge 2) { $place = "$place $($given[1])" }
  $previous = ''
  if ($given.Count -ge 1) { $previous = $given[-1] }
  $found = $words[$place]
  if (${list(places.filter(({ takesFile }) => takesFile).map(({ name }) => name))} -contains $place -and $wordToComplete -notlike '-*') { $found = 'file' }
  if ($values.ContainsKey("$place $previous")) { $found = $values["$place $previous"] }
  if ($found -is [string]) {
    if ($found -ne 'profile') { return }
    $found = @(sysparm profile list 2>$null | ForEach-Object { ($_ -split ' ')[0] })
  }
  $found | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;
}

function groups(places: readonly CommandPlace[]): string[] {
  return [...new Set(places.flatMap(({ name }) => (name.includes(" ") ? (name.split(" ")[0] ?? []) : [])))];
}

function wordCases(places: readonly CommandPlace[], words: (place: CommandPlace) => string): string {
  return places.map((place) => `        "${place.name}") ${words(place)} ;;`).join("\n");
}

/** One case for all options that take the same. */
function optionCases(places: readonly CommandPlace[], act: (values: ValuesOf) => string): string {
  const cases = new Map<string, string[]>();
  for (const { name, options } of places)
    for (const [option, values] of options) {
      const action = act(values);
      cases.set(action, [...(cases.get(action) ?? []), `"${name} ${option}"`]);
    }
  return [...cases].map(([action, names]) => `    ${names.join(" | ")}) ${action} ;;`).join("\n");
}
