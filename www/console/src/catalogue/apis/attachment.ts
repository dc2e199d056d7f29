import type { Api } from "../model";
import { parameters } from "../parameters";

const ONE = "/api/now/attachment/{sys_id}";

export const ATTACHMENT: Api = {
  name: "Attachment",
  source: "rest-apis/c_AttachmentAPI",
  needs: "Create on sys_attachment, read and write on the record that the file belongs to",
  calls: [
    {
      id: "attachment-list",
      method: "GET",
      path: "/api/now/attachment",
      summary: "List attachments",
      parameters: parameters("sysparm_query", ["sysparm_limit", "10"], "sysparm_offset"),
      note: "The query is one of sys_attachment. Without sysparm_limit up to 1,000 rows.",
    },
    {
      id: "attachment-read",
      method: "GET",
      path: ONE,
      summary: "Read what is known of an attachment",
      parameters: [],
    },
    {
      id: "attachment-file",
      method: "GET",
      path: `${ONE}/file`,
      summary: "Download the file",
      parameters: [],
      note: "Its record is in the header X-Attachment-Metadata.",
    },
    {
      id: "attachment-add-file",
      method: "POST",
      path: "/api/now/attachment/file",
      summary: "Attach a file, sent as it is",
      parameters: parameters(
        ["table_name", "incident"],
        ["table_sys_id", "{{sys_id}}"],
        ["file_name", "note.txt"],
        "encryption_context",
        "creation_time",
      ),
      body: { file: true },
      note: "The header Content-Type is required. 404 where the record is out of reach.",
    },
    {
      id: "attachment-upload",
      method: "POST",
      path: "/api/now/attachment/upload",
      summary: "Attach a file, sent as a form",
      parameters: [],
      body: { parts: ["table_name", "table_sys_id", "uploadFile"] },
    },
    {
      id: "attachment-rename",
      method: "PATCH",
      path: ONE,
      summary: "Rename an attachment",
      parameters: [],
      body: { json: { file_name: "" } },
      note: "204 without a body. Not on every release.",
    },
    {
      id: "attachment-delete",
      method: "DELETE",
      path: ONE,
      summary: "Delete an attachment",
      parameters: [],
      note: "204 without a body.",
    },
  ],
};
