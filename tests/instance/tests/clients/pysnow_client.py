"""pysnow, unchanged, against the practice instance: `pysnow_client.py HOST`."""

import os
import sys

# oauthlib refuses plain HTTP unless this says that it is a test on loopback.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

import pysnow
import requests
from operations import finish, operation, refused

host = sys.argv[1]
user = {"user": "practice.integration", "password": "practice-password"}


def signed_in():
    return pysnow.Client(host=host, use_ssl=False, **user)


client = signed_in()
made = {}


def incidents():
    """A new resource, because one keeps the parameters of its last query."""
    return client.resource(api_path="/table/incident")


def builder():
    return pysnow.QueryBuilder()


def status_of(call, *arguments, **named):
    return refused(requests.exceptions.HTTPError, call, *arguments, **named).response


@operation("reads one row of a table")
def _():
    assert incidents().get(query={}, limit=1).one()["number"].startswith("INC")


@operation("reads a limited list with chosen fields")
def _():
    rows = incidents().get(query={}, limit=7, fields=["number", "state"]).all()
    assert len(rows) == 7 and all(set(row) == {"number", "state"} for row in rows), rows


@operation("reads rows in ascending order")
def _():
    query = builder().field("state").equals("7").AND().field("number").order_ascending()
    numbers = [row["number"] for row in incidents().get(query=query, limit=50).all()]
    assert len(numbers) == 50 and numbers == sorted(numbers), numbers


@operation("reads rows in descending order")
def _():
    numbers = [row["number"] for row in incidents().get(query=builder().field("number").order_descending(), limit=5).all()]
    assert numbers == [f"INC{number:07}" for number in range(300, 295, -1)], numbers


@operation("streams a whole table")
def _():
    assert len({row["number"] for row in incidents().get(query={}, stream=True).all()}) == 300


@operation("reads a page at an offset")
def _():
    query = builder().field("number").order_ascending()
    rows = incidents().get(query=query, limit=3, offset=10).all()
    assert [row["number"] for row in rows] == ["INC0000011", "INC0000012", "INC0000013"], rows


@operation("follows pages to the last row")
def _():
    seen = []
    while page := incidents().get(query="ORDERBYsys_id", limit=70, offset=len(seen)).all():
        seen += [row["sys_id"] for row in page]
    assert len(set(seen)) == len(seen) == 300, len(seen)


@operation("queries by a dictionary")
def _():
    assert incidents().get(query={"number": "INC0000007"}).one()["number"] == "INC0000007"


@operation("queries by text")
def _():
    rows = incidents().get(query="numberININC0000001,INC0000002").all()
    assert {row["number"] for row in rows} == {"INC0000001", "INC0000002"}, rows


@operation("queries with an alternative")
def _():
    query = builder().field("number").equals("INC0000001").OR().field("number").equals("INC0000009")
    assert len(incidents().get(query=query).all()) == 2


@operation("queries with a new query group")
def _():
    query = builder().field("number").equals("INC0000001").NQ().field("number").equals("INC0000009")
    assert len(incidents().get(query=query).all()) == 2


@operation("queries with a list of values")
def _():
    rows = incidents().get(query=builder().field("state").equals(["1", "2"])).all()
    assert rows and all(row["state"] in ("1", "2") for row in rows)


@operation("queries the beginning and a part of a text")
def _():
    query = builder().field("number").starts_with("INC00002").AND().field("number").contains("7")
    rows = incidents().get(query=query).all()
    assert rows and all(row["number"].startswith("INC00002") and "7" in row["number"] for row in rows)


@operation("queries for empty fields")
def _():
    rows = incidents().get(query=builder().field("resolved_at").is_empty()).all()
    assert rows and not any(row["resolved_at"] for row in rows)


@operation("queries a range of numbers")
def _():
    rows = incidents().get(query=builder().field("priority").between(1, 2)).all()
    assert rows and all(row["priority"] in ("1", "2") for row in rows)


@operation("reads no row where none matches")
def _():
    assert incidents().get(query={"number": "INC9999999"}).one_or_none() is None


@operation("raises its own error where one row was asked for and none is found")
def _():
    refused(pysnow.exceptions.NoResults, lambda: incidents().get(query={"number": "INC9999999"}).one())


@operation("raises its own error where one row was asked for and many are found")
def _():
    refused(pysnow.exceptions.MultipleResults, lambda: incidents().get(query={"state": "7"}).one())


@operation("reads the first of many rows")
def _():
    assert incidents().get(query={"state": "7"}, stream=True).first()["state"] == "7"


@operation("reads display values")
def _():
    labelled = signed_in()
    labelled.parameters.display_value = True
    row = labelled.resource(api_path="/table/incident").get(query={"state": "7"}, limit=1).one()
    assert row["state"] == "Closed", row


@operation("reads references without links")
def _():
    bare = signed_in()
    bare.parameters.exclude_reference_link = True
    row = bare.resource(api_path="/table/incident").get(query={"number": "INC0000007"}).one()
    assert len(row["caller_id"]) == 32, row["caller_id"]


@operation("reads references with links")
def _():
    caller = incidents().get(query={"number": "INC0000007"}).one()["caller_id"]
    assert caller["link"].endswith(f"/api/now/table/sys_user/{caller['value']}"), caller


@operation("reads a field of a referenced record")
def _():
    row = incidents().get(query={"number": "INC0000007"}, fields=["assignment_group.name"]).one()
    assert row["assignment_group.name"], row


@operation("reads a related table")
def _():
    users = client.resource(api_path="/table/sys_user").get(query={"user_name": user["user"]}).one()
    assert users["name"] == "Practice Integration", users


@operation("creates a record with its number and defaults")
def _():
    made.update(incidents().create(payload={"short_description": "from pysnow", "impact": "1", "urgency": "1"}).one())
    assert made["number"] == "INC0000301" and made["priority"] == "1" and made["active"] == "true", made


@operation("updates a record")
def _():
    row = incidents().update(query={"number": made["number"]}, payload={"state": "2"}).one()
    assert row["state"] == "2" and row["sys_mod_count"] == "1", row


@operation("uploads an attachment")
def _():
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "operations.py")
    file = incidents().attachments.upload(sys_id=made["sys_id"], file_path=path)
    assert file["file_name"] == "operations.py" and file["table_sys_id"] == made["sys_id"], file


@operation("lists the attachments of a record")
def _():
    assert [file["file_name"] for file in incidents().attachments.get(sys_id=made["sys_id"])] == ["operations.py"]


@operation("deletes an attachment")
def _():
    (file,) = incidents().attachments.get(sys_id=made["sys_id"])
    incidents().attachments.delete(sys_id=file["sys_id"])
    assert incidents().attachments.get(sys_id=made["sys_id"]) == []


@operation("deletes a record")
def _():
    incidents().delete(query={"number": made["number"]})
    assert incidents().get(query={"number": made["number"]}).one_or_none() is None


@operation("counts by the Aggregate API")
def _():
    stats = client.resource(api_path="/stats/incident")
    stats.parameters.add_custom({"sysparm_count": "true"})
    row = stats.request("GET").one()
    assert row["stats"]["count"] == "300", row


@operation("refuses a wrong password with status 401")
def _():
    wrong = pysnow.Client(host=host, user=user["user"], password="wrong", use_ssl=False)
    assert status_of(lambda: wrong.resource(api_path="/table/incident").get(query={}).all()).status_code == 401


@operation("refuses a table without read access with status 403")
def _():
    secrets = client.resource(api_path="/table/oauth_entity")
    assert status_of(lambda: secrets.get(query={}).all()).status_code == 403


@operation("refuses an unknown table with its message")
def _():
    response = status_of(lambda: client.resource(api_path="/table/u_no_such_table").get(query={}).all())
    assert response.json()["error"]["message"] == "Invalid table u_no_such_table", response.text


@operation("refuses an unknown record with status 404")
def _():
    assert status_of(lambda: incidents().request("GET", path_append=f"/{'0' * 32}").one()).status_code == 404


@operation("signs in by the password grant")
def _():
    application = {"client_id": "practice-client", "client_secret": "practice-secret"}
    oauth = pysnow.OAuthClient(host=host, use_ssl=False, token_updater=lambda token: None, **application)
    oauth.set_token(oauth.generate_token(user["user"], user["password"]))
    assert oauth.resource(api_path="/table/incident").get(query={}, limit=1).one()["number"]


finish()
