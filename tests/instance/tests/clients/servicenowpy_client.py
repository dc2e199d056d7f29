"""servicenowpy, unchanged, against the practice instance: `servicenowpy_client.py HOST`. It follows the header Link."""

import sys

from operations import finish, operation, refused
from servicenowpy import Client, StatusCodeError

host = f"http://{sys.argv[1]}"
client = Client(host, "practice.integration", "practice-password")
incidents = client.table("incident")
made = {}
json = {"Accept": "application/json", "Content-Type": "application/json"}


def rows(**parameters):
    return incidents.get(**parameters)


@operation("reads a whole table by following links")
def _():
    assert len({row["sys_id"] for row in rows(sysparm_limit=70, sysparm_query="ORDERBYsys_id")}) == 300


@operation("reads a whole table in one page")
def _():
    assert len(rows()) == 300


@operation("follows links of a narrowed query")
def _():
    read = [row["number"] for row in rows(sysparm_limit=9, sysparm_query="state=7^ORDERBYnumber", sysparm_fields="number")]
    assert len(read) > 100 and read == sorted(set(read)), len(read)


@operation("follows links from an offset")
def _():
    assert len(rows(sysparm_limit=50, sysparm_offset=120, sysparm_query="ORDERBYsys_id")) == 180


@operation("follows links with the version of the API")
def _():
    assert len(rows(api_version="v2", sysparm_limit=100)) == 300


@operation("reads rows in descending order")
def _():
    read = rows(sysparm_query="numberININC0000001,INC0000002^ORDERBYDESCnumber")
    assert [row["number"] for row in read] == ["INC0000002", "INC0000001"]


@operation("reads chosen fields")
def _():
    assert set(rows(sysparm_query="number=INC0000007", sysparm_fields="number,state")[0]) == {"number", "state"}


@operation("reads a field of a referenced record")
def _():
    (row,) = rows(sysparm_query="number=INC0000007", sysparm_fields="assignment_group.name")
    assert row["assignment_group.name"], row


@operation("reads display values")
def _():
    (row,) = rows(sysparm_query="number=INC0000007", sysparm_display_value="true")
    assert row["state"] in ("New", "In Progress", "On Hold", "Resolved", "Closed", "Canceled"), row["state"]


@operation("reads both kinds of values")
def _():
    (row,) = rows(sysparm_query="number=INC0000007", sysparm_display_value="all")
    assert set(row["number"]) == {"display_value", "value"}, row["number"]


@operation("reads references without links")
def _():
    (row,) = rows(sysparm_query="number=INC0000007", sysparm_exclude_reference_link="true")
    assert len(row["caller_id"]) == 32, row["caller_id"]


@operation("reads the columns of a view")
def _():
    assert rows(sysparm_query="number=INC0000007", sysparm_view="mobile")[0]


@operation("queries with an alternative")
def _():
    assert len(rows(sysparm_query="number=INC0000001^ORnumber=INC0000002")) == 2


@operation("queries with a new query group")
def _():
    assert len(rows(sysparm_query="number=INC0000001^active=maybe^NQnumber=INC0000002")) == 1


@operation("queries by fields as parameters")
def _():
    assert [row["number"] for row in rows(number="INC0000007")] == ["INC0000007"]


@operation("queries empty fields")
def _():
    found = rows(sysparm_query="resolved_atISEMPTY")
    assert found and not any(row["resolved_at"] for row in found)


@operation("reads no row where none matches")
def _():
    assert rows(sysparm_query="number=INC9999999") == []


@operation("reads a record by its number")
def _():
    assert incidents.get_record_by_number("INC0000007")[0]["number"] == "INC0000007"


@operation("reads a record by its number with chosen fields")
def _():
    (row,) = incidents.get_record_by_number("INC0000007", sysparm_fields="number")
    assert row == {"number": "INC0000007"}, row


@operation("reads a record by its sys_id")
def _():
    sys_id = rows(number="INC0000007", sysparm_fields="sys_id")[0]["sys_id"]
    assert incidents.get_record(sys_id)["number"] == "INC0000007"


@operation("creates a record with its number and defaults")
def _():
    made.update(incidents.post({"short_description": "from servicenowpy", "impact": "1", "urgency": "1"}, headers=json))
    assert made["number"] == "INC0000301" and made["priority"] == "1" and made["state"] == "1", made


@operation("creates a record from display values")
def _():
    row = incidents.post({"impact": "1 - High", "urgency": "1 - High"}, headers=json, sysparm_input_display_value="true")
    assert row["priority"] == "1", row
    incidents.delete(row["sys_id"])


@operation("updates a record by PATCH")
def _():
    assert incidents.patch(made["sys_id"], {"state": "2"}, headers=json)["state"] == "2"


@operation("updates a record by PUT")
def _():
    row = incidents.put(made["sys_id"], {"short_description": "changed"}, headers=json)
    assert row["short_description"] == "changed", row


@operation("counts the updates of a record")
def _():
    assert incidents.get_record(made["sys_id"])["sys_mod_count"] == "2"


@operation("deletes a record")
def _():
    incidents.delete(made["sys_id"])
    assert rows(number="INC0000301") == []


@operation("reads related tables")
def _():
    for table in ("sys_user", "sys_user_group", "cmdb_ci", "problem", "change_request", "sys_choice"):
        assert client.table(table).get(sysparm_limit=1000), table


@operation("refuses a wrong password with status 401")
def _():
    wrong = Client(host, "practice.integration", "wrong").table("incident")
    error = refused(StatusCodeError, wrong.get)
    assert error.status == 401 and error.detail == "Required to provide Auth information", error


@operation("refuses a table without read access with status 403")
def _():
    assert refused(StatusCodeError, client.table("oauth_entity").get).status == 403


@operation("refuses an unknown table with its message")
def _():
    error = refused(StatusCodeError, client.table("u_no_such_table").get)
    assert error.status == 400 and error.message == "Invalid table u_no_such_table", error


@operation("refuses an unknown record with status 404")
def _():
    error = refused(StatusCodeError, lambda: incidents.get_record("0" * 32))
    assert error.status == 404 and error.message == "No Record found", error


finish()
