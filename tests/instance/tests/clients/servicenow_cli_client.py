"""servicenow-cli, a Rust program from PyPI, unchanged, against the practice instance: `servicenow_cli_client.py HOST`."""

import json
import os
import subprocess
import sys
import tempfile

from operations import finish, operation

home = tempfile.mkdtemp()
environment = {
    "HOME": home,
    "XDG_CONFIG_HOME": home,
    "SERVICENOW_INSTANCE": f"http://{sys.argv[1]}",
    "SERVICENOW_USERNAME": "practice.integration",
    "SERVICENOW_PASSWORD": "practice-password",
}
program = os.path.join(os.path.dirname(sys.executable), "servicenow-cli")
made = {}


def run(*arguments, **changes):
    command = [program, "--output", "json", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=environment | changes)


def servicenow(*arguments):
    """The reply of a command that succeeds."""
    done = run(*arguments)
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    return json.loads(done.stdout)


def rows(*arguments):
    return servicenow("tables", "list", *arguments)["result"]


def fails(*arguments, **changes):
    """What a command that fails prints."""
    done = run(*arguments, **changes)
    assert done.returncode != 0, f"{arguments}: {done.stdout}"
    return done.stdout + done.stderr


@operation("diagnoses configuration, sign-in and access")
def _():
    assert servicenow("doctor")["ok"]


@operation("verifies its sign-in")
def _():
    assert servicenow("auth", "status")["verified"]


@operation("reads a whole table in pages")
def _():
    found = rows("incident", "--all", "--limit", "70", "--fields", "number,state")
    assert len({row["number"] for row in found}) == 300, len(found)


@operation("reads up to a limit")
def _():
    assert len(rows("incident", "--limit", "3")) == 3


@operation("reads a page at an offset")
def _():
    found = rows("incident", "--query", "ORDERBYnumber", "--limit", "2", "--offset", "10")
    assert [row["number"] for row in found] == ["INC0000011", "INC0000012"], found


@operation("reads rows in descending order")
def _():
    found = rows("incident", "--query", "ORDERBYDESCnumber", "--limit", "2")
    assert [row["number"] for row in found] == ["INC0000300", "INC0000299"], found


@operation("queries a state")
def _():
    found = rows("incident", "--query", "state=7^ORDERBYDESCnumber", "--limit", "3")
    assert [row["state"] for row in found] == ["7", "7", "7"], found


@operation("queries with an alternative")
def _():
    assert len(rows("incident", "--query", "number=INC0000001^ORnumber=INC0000002")) == 2


@operation("queries with a new query group")
def _():
    assert len(rows("incident", "--query", "number=INC0000001^NQnumber=INC0000002")) == 2


@operation("queries a field of a referenced record")
def _():
    assert rows("incident", "--query", "assignment_group.nameISNOTEMPTY", "--limit", "1")


@operation("reads chosen fields")
def _():
    (row,) = rows("incident", "--query", "number=INC0000007", "--fields", "number,assignment_group.name")
    assert set(row) == {"number", "assignment_group.name"}, row


@operation("reads display values")
def _():
    (row,) = rows("incident", "--query", "number=INC0000007", "--display-value", "true")
    assert row["state"] in ("New", "In Progress", "On Hold", "Resolved", "Closed", "Canceled"), row["state"]


@operation("reads both kinds of values")
def _():
    (row,) = rows("incident", "--query", "number=INC0000007", "--display-value", "all")
    assert set(row["number"]) == {"display_value", "value"}, row["number"]


@operation("reads no row where none matches")
def _():
    assert rows("incident", "--query", "number=INC9999999") == []


@operation("lists active incidents")
def _():
    found = servicenow("incidents", "list", "--active", "--limit", "5", "--display-value", "false")["result"]
    assert len(found) == 5, found


@operation("shows an incident by its number")
def _():
    assert servicenow("incidents", "show", "INC0000007", "--display-value", "true")["result"]["number"] == "INC0000007"


@operation("finds a user by name")
def _():
    assert servicenow("resolve", "user", "practice.integration")


@operation("finds a group by name")
def _():
    (group,) = rows("sys_user_group", "--limit", "1", "--fields", "name")
    assert servicenow("resolve", "group", group["name"])


@operation("lists the choices of a field")
def _():
    # It looks a field up under the table's own name. Therefore this is one that incident declares itself.
    assert servicenow("choices", "incident", "category")


@operation("reads the columns of a table")
def _():
    assert servicenow("schema", "incident")


@operation("creates an incident with its priority")
def _():
    words = ("--short-description", "from servicenow-cli", "--urgency", "1", "--impact", "1")
    made.update(servicenow("incidents", "create", *words)["result"])
    assert made["priority"] == "1", made


@operation("updates an incident")
def _():
    servicenow("incidents", "update", made["number"], "--field", "state=2")
    shown = servicenow("incidents", "show", made["number"], "--display-value", "true")["result"]
    assert shown["state"] == "In Progress", shown


@operation("adds a work note")
def _():
    servicenow("incidents", "note", made["number"], "what was tried")
    shown = servicenow("incidents", "show", made["number"], "--display-value", "true")["result"]
    assert "what was tried" in shown["work_notes"], shown["work_notes"]


@operation("assigns an incident")
def _():
    servicenow("incidents", "assign", made["number"], "--to", "practice.integration")
    shown = servicenow("tables", "get", "incident", made["sys_id"])["result"]
    assert shown["assigned_to"]["display_value"] == "Practice Integration", shown["assigned_to"]


@operation("resolves an incident")
def _():
    servicenow("incidents", "resolve", made["number"], "--code", "Solution provided", "--notes", "done")
    resolved = servicenow("tables", "get", "incident", made["sys_id"])["result"]
    assert resolved["state"] == {"display_value": "Resolved", "value": "6"}, resolved["state"]


@operation("uploads an attachment and lists it")
def _():
    path = os.path.join(home, "notes.txt")
    with open(path, "wb") as file:
        file.write(b"what was found")
    servicenow("attachments", "upload", "incident", made["number"], path)
    files = servicenow("attachments", "list", "incident", made["number"])["result"]
    assert [file["file_name"] for file in files] == ["notes.txt"], files
    made["file"] = files[0]["sys_id"]


@operation("downloads an attachment")
def _():
    back = os.path.join(home, "back.txt")
    servicenow("attachments", "download", made["file"], back)
    with open(back, "rb") as file:
        assert file.read() == b"what was found"


@operation("deletes an attachment")
def _():
    servicenow("attachments", "delete", made["file"], "--yes")
    assert servicenow("attachments", "list", "incident", made["number"])["result"] == []


@operation("creates, updates and deletes a record of any table")
def _():
    row = servicenow("tables", "create", "problem", "--field", "short_description=any")["result"]
    changed = servicenow("tables", "update", "problem", row["sys_id"], "--field", "short_description=other")["result"]
    assert changed["short_description"] == "other", changed
    servicenow("tables", "delete", "problem", row["sys_id"], "--yes")


@operation("deletes a record, which is then unknown")
def _():
    servicenow("tables", "delete", "incident", made["sys_id"], "--yes")
    fails("tables", "get", "incident", made["sys_id"])


@operation("refuses a wrong password")
def _():
    fails("tables", "list", "incident", SERVICENOW_PASSWORD="wrong")


@operation("refuses a table without read access")
def _():
    fails("tables", "list", "oauth_entity")


@operation("refuses an unknown table with its message")
def _():
    assert "Invalid table u_no_such_table" in fails("tables", "list", "u_no_such_table")


finish()
