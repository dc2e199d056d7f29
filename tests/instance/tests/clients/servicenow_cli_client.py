"""servicenow-cli, a Rust program from PyPI, unchanged, against the practice instance: doctor, paging, writing, attachments."""

import json
import os
import subprocess
import sys
import tempfile

home = tempfile.mkdtemp()
environment = {
    "HOME": home,
    "XDG_CONFIG_HOME": home,
    "SERVICENOW_INSTANCE": f"http://{sys.argv[1]}",
    "SERVICENOW_USERNAME": "practice.integration",
    "SERVICENOW_PASSWORD": "practice-password",
}
program = os.path.join(os.path.dirname(sys.executable), "servicenow-cli")


def servicenow(*arguments, succeeds=True):
    done = subprocess.run([program, "--output", "json", *arguments], capture_output=True, text=True, env=environment)
    assert (done.returncode == 0) == succeeds, f"{arguments}: {done.stdout}{done.stderr}"
    return json.loads(done.stdout) if done.stdout.startswith("{") else done.stderr


assert servicenow("doctor")["ok"]
assert servicenow("auth", "status")["verified"]
listed = servicenow("tables", "list", "incident", "--all", "--limit", "70", "--fields", "number,state")
assert len({row["number"] for row in listed["result"]}) == 300, listed["count"]
closed = servicenow("tables", "list", "incident", "--query", "state=7^ORDERBYDESCnumber", "--limit", "3")["result"]
assert [row["state"] for row in closed] == ["7", "7", "7"], closed

made = servicenow("incidents", "create", "--short-description", "from servicenow-cli", "--urgency", "1", "--impact", "1")
made = made["result"]
assert made["priority"] == "1", made
servicenow("incidents", "update", made["number"], "--field", "state=2")
shown = servicenow("incidents", "show", made["number"], "--display-value", "true")["result"]
assert shown["state"] == "In Progress", shown
servicenow("incidents", "resolve", made["number"], "--code", "Solution provided", "--notes", "done")
resolved = servicenow("tables", "get", "incident", made["sys_id"])["result"]
assert resolved["state"] == {"display_value": "Resolved", "value": "6"}, resolved["state"]

path = os.path.join(home, "notes.txt")
with open(path, "wb") as file:
    file.write(b"what was found")
servicenow("attachments", "upload", "incident", made["number"], path)
files = servicenow("attachments", "list", "incident", made["number"])["result"]
assert [file["file_name"] for file in files] == ["notes.txt"], files
back = os.path.join(home, "back.txt")
servicenow("attachments", "download", files[0]["sys_id"], back)
with open(back, "rb") as file:
    assert file.read() == b"what was found"
servicenow("attachments", "delete", files[0]["sys_id"], "--yes")

servicenow("tables", "delete", "incident", made["sys_id"], "--yes")
servicenow("tables", "get", "incident", made["sys_id"], succeeds=False)
# It looks a field up under the table's own name, so one that incident declares itself: state is declared by task.
assert servicenow("choices", "incident", "category"), "the labels of a field"
print("servicenow-cli is content")
