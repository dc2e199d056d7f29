/** Programs that send one request as it is. They run as they stand, and read secrets from environment variables. */
import type { SavedRequest } from "../../workspace/model";
import { curlCode } from "./curl";
import { fetchCode } from "./fetch";
import { powershellCode } from "./powershell";
import { type CodeFacts, type Program, programOf } from "./program";
import { pythonCode } from "./python";
import { sysparmCode } from "./sysparm";

export const LANGUAGES = [
  { id: "curl", name: "curl", file: "request.sh" },
  { id: "fetch", name: "JavaScript (fetch)", file: "request.mjs" },
  { id: "sysparm", name: "Node with sysparm", file: "request.mjs" },
  { id: "python", name: "Python (requests)", file: "request.py" },
  { id: "powershell", name: "PowerShell 7", file: "request.ps1" },
] as const;

export type Language = (typeof LANGUAGES)[number]["id"];

const WRITERS: Record<Language, (program: Program) => string> = {
  curl: curlCode,
  fetch: fetchCode,
  sysparm: sysparmCode,
  python: pythonCode,
  powershell: powershellCode,
};

export interface Code {
  text: string;
  /** Environment variables that the program reads. */
  needs: string[];
}

export function codeOf(request: SavedRequest, facts: CodeFacts, language: Language): Code {
  const program = programOf(request, facts);
  return { text: WRITERS[language](program), needs: program.needs };
}

export type { CodeFacts };
