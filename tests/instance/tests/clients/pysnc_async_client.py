"""PySNC's asynchronous half, unchanged, against the practice instance: `pysnc_async_client.py HOST`."""

import sys

from tls_front import front

host = front(sys.argv[1])

from operations import finish, loop, operation
from pysnc import exceptions
from pysnc.asyncio import AsyncServiceNowClient

user = ("practice.integration", "practice-password")
made = []


async def opened(credentials=user):
    return AsyncServiceNowClient(host, credentials)


client = loop.run_until_complete(opened())


async def record(table="incident", **named):
    return await client.GlideRecord(table, **named)


async def found(number):
    """The incident of this number."""
    row = await record()
    assert await row.get("number", number)
    return row


async def numbers(query):
    await query.query()
    return [str(row.number) async for row in query]


async def refused(error, call):
    try:
        await call
    except error as raised:
        return raised
    raise AssertionError(f"{error} was not raised")


@operation("reads a record by its sys_id")
async def _():
    sys_id = (await found("INC0000007")).get_value("sys_id")
    row = await record()
    assert await row.get(sys_id) and row.number == "INC0000007"


@operation("finds no record where none matches")
async def _():
    assert not await (await record()).get("number", "INC9999999")


@operation("reads a whole table in batches")
async def _():
    everything = await record(batch_size=70)
    await everything.query()
    assert everything.get_row_count() == 300
    assert len({str(row.sys_id) async for row in everything}) == 300


@operation("reads up to a limit")
async def _():
    few = await record(batch_size=3)
    few.limit = 7
    assert len(await numbers(few)) == 7


@operation("reads rows in ascending and descending order")
async def _():
    rising, falling = await record(), await record()
    rising.order_by("number")
    falling.order_by_desc("number")
    rising.limit = falling.limit = 3
    assert await numbers(rising) == ["INC0000001", "INC0000002", "INC0000003"]
    assert await numbers(falling) == ["INC0000300", "INC0000299", "INC0000298"]


@operation("queries with an operator")
async def _():
    query = await record()
    query.add_query("priority", "<", "3")
    await query.query()
    assert len(query) and all([row.priority in ("1", "2") async for row in query])


@operation("queries with an alternative")
async def _():
    query = await record()
    query.add_query("number", "INC0000001").add_or_condition("number", "INC0000009")
    assert len(await numbers(query)) == 2


@operation("queries for empty and filled fields")
async def _():
    empty, filled = await record(), await record()
    empty.add_null_query("resolved_at")
    filled.add_not_null_query("resolved_at")
    await empty.query()
    await filled.query()
    assert len(empty) and len(filled) and len(empty) + len(filled) == 300


@operation("queries by an encoded query")
async def _():
    query = await record()
    query.add_encoded_query("numberININC0000001,INC0000002^NQnumber=INC0000003")
    assert len(await numbers(query)) == 3


@operation("sends a query of more than 10,000 characters by the Batch API")
async def _():
    long = await record()
    long.add_query("number", "IN", ",".join(f"INC{number:07}" for number in range(1, 1300)))
    await long.query()
    assert len(long) == 300


@operation("reads chosen fields and a field of a referenced record")
async def _():
    row = await record()
    row.fields = ["number", "assignment_group.name", "state"]
    assert await row.get("number", "INC0000007") and row.get_value("assignment_group.name")


@operation("reads values and display values")
async def _():
    row = await found("INC0000007")
    states = {"1": "New", "2": "In Progress", "3": "On Hold", "6": "Resolved", "7": "Closed", "8": "Canceled"}
    assert states[row.get_value("state")] == row.get_display_value("state")


@operation("creates a record with its number and defaults")
async def _():
    row = await record()
    row.initialize()
    row.short_description = "from PySNC"
    assert await row.insert() and row.number == "INC0000301" and row.state == "1", row.serialize()
    made.append(row)


@operation("updates a record")
async def _():
    made[0].short_description = "changed"
    assert await made[0].update() and (await found("INC0000301")).short_description == "changed"


@operation("attaches a text and lists it")
async def _():
    assert await made[0].add_attachment("notes.txt", "one\ntwo")
    files = await made[0].get_attachments()
    assert len(files) == 1


@operation("updates and deletes many records by the Batch API")
async def _():
    for number in range(3):
        row = await record("problem")
        row.initialize()
        row.short_description = f"many {number}"
        assert await row.insert()
    many = await record("problem")
    many.add_query("short_description", "STARTSWITH", "many")
    await many.query()
    async for row in many:
        row.short_description = row.short_description + " changed"
    assert await many.update_multiple()
    again = await record("problem")
    again.add_query("short_description", "ENDSWITH", "changed")
    await again.query()
    assert len(again) == 3 and await again.delete_multiple()


@operation("deletes a record")
async def _():
    assert await made[0].delete() and not await (await record()).get("number", "INC0000301")


@operation("refuses a wrong password with status 401")
async def _():
    wrong = await opened((user[0], "wrong"))
    await refused(exceptions.AuthenticationException, (await wrong.GlideRecord("incident")).get("number", "INC0000007"))


@operation("refuses a table without read access with status 403")
async def _():
    await refused(exceptions.RoleException, (await record("oauth_entity")).query())


@operation("refuses an unknown table with its message")
async def _():
    error = await refused(exceptions.RequestException, (await record("u_no_such_table")).query())
    assert "Invalid table u_no_such_table" in str(error), error


loop.run_until_complete(client.session.aclose())
finish()
