"""PySNC, unchanged, against the practice instance: `pysnc_client.py HOST`."""

import sys

from tls_front import front

host = front(sys.argv[1])

from operations import finish, operation, refused
from pysnc import ServiceNowClient, exceptions
from pysnc.auth import ServiceNowClientCredentialsFlow, ServiceNowPasswordGrantFlow

user = ("practice.integration", "practice-password")
client = ServiceNowClient(host, user)
made = []


def record(table="incident", **named):
    return client.GlideRecord(table, **named)


def found(number):
    """The incident of this number."""
    row = record()
    assert row.get("number", number)
    return row


def numbers(query):
    query.query()
    return [row.number.get_value() for row in query]


@operation("reads a record by its sys_id")
def _():
    sys_id = found("INC0000007").get_value("sys_id")
    row = record()
    assert row.get(sys_id) and row.number == "INC0000007", row.serialize()


@operation("reads a record by a field")
def _():
    assert found("INC0000012").get_value("number") == "INC0000012"


@operation("finds no record where none matches")
def _():
    assert not record().get("number", "INC9999999")


@operation("reads a whole table in batches")
def _():
    everything = record(batch_size=70)
    everything.query()
    assert len({str(row.sys_id) for row in everything}) == 300


@operation("knows the row count before it reads the rows")
def _():
    everything = record(batch_size=10)
    everything.query()
    assert everything.get_row_count() == len(everything) == 300


@operation("reads up to a limit")
def _():
    few = record(batch_size=3)
    few.limit = 7
    few.query()
    assert len([row for row in few]) == 7


@operation("reads rows in ascending order")
def _():
    query = record(batch_size=40)
    query.add_query("state", "7")
    query.order_by("number")
    read = numbers(query)
    assert len(read) > 100 and read == sorted(read), len(read)


@operation("reads rows in descending order")
def _():
    query = record()
    query.order_by_desc("number")
    query.limit = 3
    assert numbers(query) == ["INC0000300", "INC0000299", "INC0000298"]


@operation("queries with an operator")
def _():
    query = record()
    query.add_query("priority", "<", "3")
    query.query()
    assert len(query) and all(row.priority in ("1", "2") for row in query)


@operation("queries with an alternative")
def _():
    query = record()
    query.add_query("number", "INC0000001").add_or_condition("number", "INC0000009")
    assert len(numbers(query)) == 2


@operation("queries for empty and filled fields")
def _():
    empty, filled = record(), record()
    empty.add_null_query("resolved_at")
    filled.add_not_null_query("resolved_at")
    empty.query()
    filled.query()
    assert len(empty) and len(filled) and len(empty) + len(filled) == 300


@operation("queries active rows")
def _():
    query = record()
    query.add_active_query()
    query.query()
    assert len(query) and all(row.active == "true" for row in query)


@operation("queries by an encoded query")
def _():
    query = record()
    query.add_encoded_query("numberININC0000001,INC0000002^NQnumber=INC0000003")
    assert set(numbers(query)) == {"INC0000001", "INC0000002", "INC0000003"}


@operation("queries a field of a referenced record")
def _():
    query = record()
    query.add_query("assignment_group.name", found("INC0000007").assignment_group.get_display_value())
    query.query()
    assert len({str(row.assignment_group) for row in query}) == 1


@operation("queries by a join")
def _():
    query = record("sys_user")
    query.add_join_query("sys_user_has_role", join_table_field="user").add_query("role.name", "itil")
    query.query()
    assert "practice.integration" in [str(row.user_name) for row in query]


@operation("sends a query of more than 10,000 characters by the Batch API")
def _():
    long = record()
    long.add_query("number", "IN", ",".join(f"INC{number:07}" for number in range(1, 1300)))
    long.query()
    assert len(long) == 300


@operation("reads chosen fields and a field of a referenced record")
def _():
    row = record()
    row.fields = ["number", "assignment_group.name", "state"]
    assert row.get("number", "INC0000007")
    assert row.get_value("assignment_group.name") and set(row.serialize()) == set(row.fields), row.serialize()


@operation("reads values and display values")
def _():
    row = found("INC0000007")
    states = {"1": "New", "2": "In Progress", "3": "On Hold", "6": "Resolved", "7": "Closed", "8": "Canceled"}
    assert states[row.get_value("state")] == row.get_display_value("state")


@operation("serializes a record with both kinds of values")
def _():
    row = found("INC0000007").serialize(display_value="both")
    assert row["caller_id"]["value"] != row["caller_id"]["display_value"], row["caller_id"]


@operation("follows a reference to its record")
def _():
    caller = record("sys_user")
    assert caller.get(found("INC0000007").get_value("caller_id")) and caller.get_value("name")


@operation("reads without display values")
def _():
    row = record()
    row.display_value = False
    assert row.get("number", "INC0000007") and row.get_display_value("state") == row.get_value("state")


@operation("creates a record with its number and defaults")
def _():
    row = record()
    row.initialize()
    row.short_description = "from PySNC"
    assert row.insert() and row.number == "INC0000301" and row.active == "true" and row.state == "1", row.serialize()
    assert row.opened_by.get_display_value() == "Practice Integration", row.opened_by
    made.append(row)


@operation("updates a record")
def _():
    made[0].short_description = "changed"
    assert made[0].update() and found("INC0000301").short_description == "changed"


@operation("attaches a text and reads it back")
def _():
    assert made[0].add_attachment("notes.txt", "one\ntwo")
    (file,) = made[0].get_attachments()
    assert file.file_name == "notes.txt" and file.read() == b"one\ntwo"


@operation("finds attachments by their name")
def _():
    files = client.Attachment("incident")
    files.add_query("file_name", "notes.txt")
    files.query()
    assert files.next()


@operation("deletes an attachment")
def _():
    for file in made[0].get_attachments():
        file.delete()
    assert len(made[0].get_attachments()) == 0


@operation("updates many records by the Batch API")
def _():
    for number in range(3):
        row = record("problem")
        row.initialize()
        row.short_description = f"many {number}"
        assert row.insert()
    many = record("problem")
    many.add_query("short_description", "STARTSWITH", "many")
    many.query()
    for row in many:
        row.short_description = row.short_description + " changed"
    assert many.update_multiple()
    again = record("problem")
    again.add_query("short_description", "ENDSWITH", "changed")
    again.query()
    assert len(again) == 3


@operation("deletes many records by the Batch API")
def _():
    many = record("problem")
    many.add_query("short_description", "STARTSWITH", "many")
    assert many.delete_multiple()
    many.query()
    assert len(many) == 0


@operation("deletes a record")
def _():
    assert made[0].delete() and not record().get("number", "INC0000301")


@operation("refuses a wrong password with status 401")
def _():
    wrong = ServiceNowClient(host, (user[0], "wrong"))
    refused(exceptions.AuthenticationException, lambda: wrong.GlideRecord("incident").get("number", "INC0000007"))


@operation("refuses a table without read access with status 403")
def _():
    refused(exceptions.RoleException, lambda: record("oauth_entity").query())


@operation("refuses an unknown table with its message")
def _():
    error = refused(exceptions.RequestException, lambda: record("u_no_such_table").query())
    assert "Invalid table u_no_such_table" in str(error), error


@operation("signs in by the password grant")
def _():
    flow = ServiceNowPasswordGrantFlow(*user, "practice-client", "practice-secret")
    few = ServiceNowClient(host, flow).GlideRecord("incident")
    few.limit = 3
    few.query()
    assert len([row for row in few]) == 3


@operation("signs in by client credentials")
def _():
    flow = ServiceNowClientCredentialsFlow("practice-client", "practice-secret")
    assert ServiceNowClient(host, flow).GlideRecord("incident").get("number", "INC0000007")


finish()
