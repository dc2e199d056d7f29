"""PySNC, unchanged, against the practice instance: GlideRecord queries, paging, dot-walking, writing, errors, Batch."""

import sys

from tls_front import front

host = front(sys.argv[1])

from pysnc import ServiceNowClient
from pysnc.auth import ServiceNowPasswordGrantFlow

client = ServiceNowClient(host, ("practice.integration", "practice-password"))

record = client.GlideRecord("incident", batch_size=40)
record.add_query("state", "7")
record.order_by("number")
record.query()
numbers = [row.number.get_value() for row in record]
assert len(numbers) > 100 and numbers == sorted(numbers), len(numbers)

everything = client.GlideRecord("incident", batch_size=70)
everything.query()
assert len({str(row.sys_id) for row in everything}) == 300

first = client.GlideRecord("incident")
first.fields = ["number", "assignment_group.name", "state"]
assert first.get("number", "INC0000007")
assert first.get_value("assignment_group.name"), first.serialize()
assert first.get_display_value("state") in ("New", "In Progress", "On Hold", "Resolved", "Closed", "Canceled")

made = client.GlideRecord("incident")
made.initialize()
made.short_description = "from PySNC"
sys_id = made.insert()
assert sys_id and str(made.number).startswith("INC"), made.serialize()
made.short_description = "changed"
assert made.update()
again = client.GlideRecord("incident")
assert again.get(sys_id) and again.short_description == "changed"
assert again.delete()
assert not client.GlideRecord("incident").get(sys_id)

long = client.GlideRecord("incident")
long.add_query("number", "IN", ",".join(f"INC{number:07}" for number in range(1, 1300)))
long.query()
assert len(long) == 300, "a query of more than 10,000 characters goes by Batch"

flow = ServiceNowPasswordGrantFlow("practice.integration", "practice-password", "practice-client", "practice-secret")
token = ServiceNowClient(host, flow).GlideRecord("incident")
token.limit = 3
token.query()
assert len([row for row in token]) == 3
print("PySNC is content")
