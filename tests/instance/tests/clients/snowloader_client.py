"""snowloader, unchanged, against the practice instance: `snowloader_client.py HOST`. It reads only."""

import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

import requests
from operations import finish, operation, refused
from snowloader import (
    AttachmentLoader,
    ChangeLoader,
    CMDBLoader,
    FileCheckpoint,
    IncidentLoader,
    ProblemLoader,
    RelationshipLoader,
    SnowConnection,
    SnowConnectionError,
    TableLoader,
)

# It accepts only addresses with a domain. Therefore the practice instance answers as the proxy for one.
origin = f"http://{sys.argv[1]}"
address = {"instance_url": "http://practice.service-now.test", "proxy": origin}
password = {"username": "practice.integration", "password": "practice-password"}
client = {"client_id": "practice-client", "client_secret": "practice-secret"}
connection = SnowConnection(**address, **password, page_size=50)
posted = {}


def rows(table="incident", **named):
    return list(connection.get_records(table, **named))


def ids(found):
    return {row["sys_id"] for row in found}


@operation("reads a whole table and verifies the count")
def _():
    assert len(ids(rows(verify=True))) == 300


@operation("reads a whole table by keyset")
def _():
    assert len(ids(rows(keyset=True))) == 300


@operation("reads a whole table by keyset and verifies the count")
def _():
    assert len(ids(rows(keyset=True, verify=True))) == 300


@operation("reads a whole table with four workers")
def _():
    assert len(ids(connection.concurrent_get_records("incident", max_workers=4))) == 300


@operation("reads a whole table in pages of 7")
def _():
    with SnowConnection(**address, **password, page_size=7) as small:
        assert len(ids(small.get_records("problem"))) == connection.get_count("problem")


@operation("resumes from a checkpoint")
def _():
    checkpoint = FileCheckpoint(str(Path(tempfile.mkdtemp()) / "checkpoint.json"))
    reading = connection.get_records("incident", keyset=True, checkpoint=checkpoint)
    first = [next(reading) for _ in range(120)]
    reading.close()
    assert len(ids(first + rows(keyset=True, checkpoint=checkpoint))) == 300


@operation("reads up to a limit")
def _():
    assert len(rows(limit=7)) == 7


@operation("reads the rows of a query and counts them")
def _():
    closed = rows(query="state=7", fields=["sys_id", "number", "state"])
    assert closed and connection.get_count("incident", query="state=7") == len(closed), len(closed)


@operation("reads chosen fields")
def _():
    assert all(set(row) == {"sys_id", "number"} for row in rows(fields=["sys_id", "number"], limit=3))


@operation("queries a list of values")
def _():
    assert len(rows(query="numberININC0000001,INC0000002")) == 2


@operation("queries the beginning of a text")
def _():
    assert len(rows(query="numberSTARTSWITHINC00002")) == 100


@operation("queries with an alternative and a condition")
def _():
    found = rows(query="state=6^ORstate=7^active=false")
    assert found and connection.get_count("incident", query="state=6^ORstate=7^active=false") == len(found)


@operation("queries with a new query group")
def _():
    assert len(rows(query="number=INC0000001^NQnumber=INC0000002")) == 2


@operation("queries a field of a referenced record")
def _():
    group = rows("sys_user_group", limit=1)[0]
    name = group["name"]["value"] if isinstance(group["name"], dict) else group["name"]
    assert connection.get_count("incident", query=f"assignment_group.name={name}") == len(
        rows(query=f"assignment_group.name={name}")
    )


@operation("reads rows changed since a time")
def _():
    since = datetime(2025, 6, 1, tzinfo=timezone.utc)
    assert 0 < len(rows(since=since)) == connection.get_count("incident", since=since) < 300


@operation("counts no row where none matches")
def _():
    assert connection.get_count("incident", query="number=INC9999999") == 0


@operation("reads one record")
def _():
    (row,) = rows(query="number=INC0000007")
    sys_id = row["sys_id"]["value"] if isinstance(row["sys_id"], dict) else row["sys_id"]
    assert connection.get_record("incident", sys_id)["sys_id"] == row["sys_id"]


@operation("reads both kinds of values")
def _():
    with SnowConnection(**address, **password, display_value="all") as both:
        (row,) = both.get_records("incident", query="number=INC0000007")
        assert set(row["state"]) == {"display_value", "value"}, row["state"]


@operation("reads display values")
def _():
    with SnowConnection(**address, **password, display_value="true") as labels:
        states = {row["state"] for row in labels.get_records("incident")}
        assert states <= {"New", "In Progress", "On Hold", "Resolved", "Closed", "Canceled"}, states


@operation("loads incidents as documents")
def _():
    documents = IncidentLoader(connection=connection, query="active=true").load(verify=True)
    assert documents and all(document.page_content for document in documents)


@operation("loads problems as documents")
def _():
    assert len(ProblemLoader(connection=connection).load()) == connection.get_count("problem")


@operation("loads changes as documents")
def _():
    assert len(ChangeLoader(connection=connection).load()) == connection.get_count("change_request")


@operation("loads configuration items as documents")
def _():
    assert len(CMDBLoader(connection=connection).load()) == connection.get_count("cmdb_ci")


@operation("loads relations of configuration items as documents")
def _():
    assert len(RelationshipLoader(connection=connection).load()) == connection.get_count("cmdb_rel_ci")


@operation("loads any table as documents")
def _():
    assert TableLoader(connection=connection, table="sys_user_group").load()


@operation("compares what was read with the table")
def _():
    since = datetime(2025, 6, 1, tzinfo=timezone.utc)
    report = connection.reconcile("incident", since, include_deletes=False)
    assert len(report.added) + len(report.updated) == connection.get_count("incident", since=since) > 0, report


@operation("lists the classes that extend a table")
def _():
    assert "cmdb_ci" in [*connection.get_table_descendants("cmdb_ci"), "cmdb_ci"]


@operation("lists the attachments of a record")
def _():
    record = rows(query="number=INC0000007", fields=["sys_id"])[0]["sys_id"]
    record = record["value"] if isinstance(record, dict) else record
    named = {"table_name": "incident", "table_sys_id": record, "file_name": "notes.txt"}
    sign_in = (password["username"], password["password"])
    target, plain = f"{origin}/api/now/attachment/file", {"Content-Type": "text/plain"}
    reply = requests.post(target, params=named, data=b"what was found", headers=plain, auth=sign_in)
    assert reply.status_code == 201, reply.text
    posted.update(reply.json()["result"])
    assert len(AttachmentLoader(connection=connection, query=f"table_sys_id={record}").load()) == 1


@operation("downloads an attachment")
def _():
    assert connection.get_attachment(posted["sys_id"]) == b"what was found"


@operation("signs in by the password grant")
def _():
    with SnowConnection(**address, **client, **password) as granted:
        assert granted.get_count("incident") == 300


@operation("signs in by client credentials")
def _():
    with SnowConnection(**address, **client) as granted:
        assert granted.get_count("incident") == 300


@operation("refuses a wrong password with status 401")
def _():
    wrong = SnowConnection(**address, username=password["username"], password="wrong", max_retries=0)
    assert "401" in str(refused(SnowConnectionError, lambda: wrong.get_count("incident")))


@operation("refuses a table without read access with status 403")
def _():
    assert "403" in str(refused(SnowConnectionError, lambda: rows("oauth_entity")))


@operation("refuses an unknown table")
def _():
    assert "400" in str(refused(SnowConnectionError, lambda: rows("u_no_such_table")))


@operation("refuses an unknown record with status 404")
def _():
    assert "404" in str(refused(SnowConnectionError, lambda: connection.get_record("incident", "0" * 32)))


finish()
