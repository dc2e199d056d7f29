"""aiosnow, unchanged, against the practice instance: `aiosnow_client.py HOST`. Its models, conditions, streams and attachments."""

import os
import sys
import tempfile

import aiosnow
from aiosnow import fields
from aiosnow.exceptions import AiosnowException
from aiosnow.models.table.declared import IncidentModel as Incident
from aiosnow.query.utils import select
from operations import finish, loop, operation

host = sys.argv[1]
user = ("practice.integration", "practice-password")


class Person(aiosnow.TableModel):
    sys_id = fields.String(is_primary=True)
    user_name = fields.String()
    name = fields.String()
    active = fields.Boolean()


class Secret(aiosnow.TableModel):
    sys_id = fields.String(is_primary=True)


async def opened(model, table, password=user[1]):
    """A model of a table, signed in."""
    return model(aiosnow.Client(host, basic_auth=(user[0], password), use_ssl=False), table_name=table)


incidents = loop.run_until_complete(opened(Incident, "incident"))
people = loop.run_until_complete(opened(Person, "sys_user"))
made = {}
folder = tempfile.mkdtemp()


async def refused(call):
    """The client's own error that the call raises."""
    try:
        await call
    except AiosnowException as error:
        return error
    raise AssertionError("no error was raised")


async def numbers(condition, **named):
    return [row["number"] async for _, row in incidents.stream(condition, **named)]


@operation("reads rows of a condition up to a limit")
async def _():
    found = await incidents.get(Incident.priority <= 3, limit=5)
    assert len(found) == 5 and all(row["priority"].key <= 3 for row in found), found


@operation("reads a page at an offset")
async def _():
    # aiosnow adds the offset to the limit.
    found = await incidents.get(select(Incident.number.starts_with("INC")).order_asc(Incident.number), limit=2, offset=10)
    assert [row["number"] for row in found][:2] == ["INC0000011", "INC0000012"] and len(found) == 12


@operation("streams a whole table in pages")
async def _():
    read = await numbers(Incident.number.is_populated(), limit=300, page_size=70)
    assert len(set(read)) == 300, len(read)


@operation("streams up to a limit")
async def _():
    assert len(await numbers(Incident.number.is_populated(), limit=25, page_size=10)) >= 25


@operation("reads one record")
async def _():
    assert (await incidents.get_one(Incident.number == "INC0000007"))["number"] == "INC0000007"


@operation("raises its own error where one record was asked for and none is found")
async def _():
    await refused(incidents.get_one(Incident.number == "INC9999999"))


@operation("raises its own error where one record was asked for and many are found")
async def _():
    await refused(incidents.get_one(Incident.state == 7))


@operation("finds the sys_id of a condition")
async def _():
    assert len(await incidents.get_object_id(Incident.number == "INC0000007")) == 32


@operation("queries with a second condition")
async def _():
    found = await incidents.get((Incident.state == 7) & (Incident.priority == 4), limit=50)
    assert len(found) and all(row["priority"].key == 4 and row["state"].key == 7 for row in found)


@operation("queries with an alternative")
async def _():
    assert len(await incidents.get((Incident.number == "INC0000001") | (Incident.number == "INC0000002"))) == 2


@operation("queries with a new query group")
async def _():
    assert len(await incidents.get((Incident.number == "INC0000001") ^ (Incident.number == "INC0000002"))) == 2


@operation("queries the beginning of a text")
async def _():
    assert len(await incidents.get(Incident.number.starts_with("INC00002"), limit=300)) == 100


@operation("queries the end of a text")
async def _():
    found = await incidents.get(Incident.number.ends_with("00"), limit=300)
    assert {row["number"] for row in found} == {"INC0000100", "INC0000200", "INC0000300"}


@operation("queries a part of a text")
async def _():
    found = await incidents.get(Incident.number.contains("0000007"), limit=300)
    assert [row["number"] for row in found] == ["INC0000007"]


@operation("queries a list of values")
async def _():
    assert len(await incidents.get(Incident.number.in_list(["INC0000001", "INC0000002"]))) == 2


@operation("queries without values of a list")
async def _():
    found = await incidents.get(Incident.number.not_in_list(["INC0000001", "INC0000002"]), limit=300)
    assert len(found) == 298, len(found)


@operation("queries a truth value")
async def _():
    found = await incidents.get(Incident.active.is_true(), limit=300)
    assert len(found) and all(row["active"] for row in found)


@operation("queries rows of a range of numbers")
async def _():
    found = await incidents.get(Incident.priority.greater_or_equals(3) & Incident.priority.less_or_equals(4), limit=300)
    assert len(found) and all(row["priority"].key in (3, 4) for row in found)


@operation("reads rows in ascending order")
async def _():
    found = await incidents.get(select(Incident.state == 7).order_asc(Incident.number), limit=20)
    read = [row["number"] for row in found]
    assert len(read) == 20 and read == sorted(read), read


@operation("reads rows in descending order")
async def _():
    found = await incidents.get(select(Incident.number.starts_with("INC")).order_desc(Incident.number), limit=2)
    assert [row["number"] for row in found] == ["INC0000300", "INC0000299"], found


@operation("reads only chosen fields")
async def _():
    found = await incidents.get(Incident.number == "INC0000007", return_only=["number", "state"])
    assert set(next(iter(found))) == {"number", "state"}, found


@operation("reads no row where none matches")
async def _():
    assert len(await incidents.get(Incident.number == "INC9999999", limit=1)) == 0


@operation("reads a table by a model of its own")
async def _():
    person = await people.get_one(Person.user_name == user[0])
    assert person["name"] == "Practice Integration" and person["active"] is True, person


@operation("creates a record with its number and defaults")
async def _():
    row = await incidents.create(dict(short_description="from aiosnow", impact=1, urgency=1))
    made["sys_id"], made["number"] = row["sys_id"], row["number"]
    assert row["number"] == "INC0000301" and row["priority"].key == 1, row


@operation("updates a record by its condition")
async def _():
    changed = await incidents.update(Incident.number == made["number"], dict(state=2))
    assert changed["state"].value == "In Progress", changed


@operation("updates a record by its sys_id")
async def _():
    changed = await incidents.update(made["sys_id"], dict(short_description="changed"))
    assert changed["short_description"] == "changed", changed


@operation("uploads an attachment")
async def _():
    path = os.path.join(folder, "notes.txt")
    with open(path, "wb") as file:
        file.write(b"what was found")
    uploaded = await incidents.upload_file(made["sys_id"], path)
    made["file"] = uploaded["sys_id"]
    assert uploaded["file_name"] == "notes.txt", uploaded


@operation("lists the attachments of a record")
async def _():
    files = await incidents.get_attachments(Incident.number == made["number"])
    assert [file["file_name"] for file in files] == ["notes.txt"], files


@operation("downloads an attachment")
async def _():
    back = os.path.join(folder, "back")
    await incidents.download_file(made["file"], back)
    with open(os.path.join(back, "notes.txt"), "rb") as file:
        assert file.read() == b"what was found"


@operation("deletes a record")
async def _():
    await incidents.delete(made["sys_id"])
    assert len(await incidents.get(Incident.number == made["number"], limit=1)) == 0


@operation("refuses a wrong password with status 401")
async def _():
    wrong = await opened(Incident, "incident", "wrong")
    assert "401" in str(vars(await refused(wrong.get(Incident.number == "INC0000007"))))


@operation("refuses a table without read access with status 403")
async def _():
    closed = await opened(Secret, "oauth_entity")
    assert "403" in str(vars(await refused(closed.get(limit=1))))


@operation("refuses an unknown table")
async def _():
    unknown = await opened(Secret, "u_no_such_table")
    assert "400" in str(vars(await refused(unknown.get(limit=1))))


@operation("refuses the deletion of an unknown record")
async def _():
    await refused(incidents.delete("0" * 32))


finish()
