/** What the readers of collections have in common: variables, folders, and ways to sign in that are no setting here. */

import { isReference } from "../../tester/variables";
import { type AuthSetting, type Folder, newId, type Variable } from "../../workspace/model";
import { isSecretName } from "../../workspace/secret-names";
import type { Intake, Where } from "./intake";

/** A variable whose value is put aside if it is marked as a secret or has the name of one. A reference to another is no secret. */
export function readVariable(name: string, value: string, on: boolean, isSecret: boolean, intake: Intake): Variable {
  const secret = (isSecret || isSecretName(name)) && !isReference(value);
  return secret ? { id: newId(), name, on, secret: intake.keep(value) } : { id: newId(), name, on, value };
}

export function newFolder(name: string, part: Partial<Folder> = {}): Folder {
  return {
    kind: "folder",
    id: newId(),
    name,
    description: "",
    auth: { kind: "inherit" },
    variables: [],
    items: [],
    ...part,
  };
}

/** `name` is that of the header or parameter in the text; empty if it has none. */
export function readApiKey(name: string, key: string, inQuery: boolean, where: Where, intake: Intake): AuthSetting {
  if (!/^(?:x-sn-apikey)?$/i.test(name)) {
    intake.lose(where, `API key ${name.slice(0, 40)}`, "the instance reads a key from x-sn-apikey; that name is used");
  }
  return { kind: "api-key", key: intake.keep(key), in: inQuery ? "query" : "header" };
}

export function otherSignIn(type: string, where: Where, intake: Intake): AuthSetting {
  const why = "this way to sign in is not available; that of the environment is used";
  intake.lose(where, `sign-in ${type.slice(0, 40)}`, why);
  return { kind: "inherit" };
}

export function otherGrant(grant: string, where: Where, intake: Intake): { grant: "authorization_code" } {
  intake.lose(where, `grant ${grant.slice(0, 40)}`, "the authorization code grant is set instead");
  return { grant: "authorization_code" };
}

export const NO_CONTENT = "its content is not in the collection; choose the file again";
