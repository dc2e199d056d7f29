"""aiosnow, unchanged, against the practice instance: its own models and conditions, a stream of pages, writing, attachments."""

import asyncio
import os
import sys
import tempfile

import aiosnow
from aiosnow.models.table.declared import IncidentModel as Incident

host = sys.argv[1]


async def main():
    client = aiosnow.Client(host, basic_auth=("practice.integration", "practice-password"), use_ssl=False)
    async with Incident(client, table_name="incident") as incidents:
        found = await incidents.get(Incident.priority <= 3, limit=5)
        assert len(found) == 5 and all(row["priority"].key <= 3 for row in found), found
        pages = incidents.stream(Incident.number.is_populated(), limit=300, page_size=70)
        numbers = [row["number"] async for _, row in pages]
        assert len(set(numbers)) == 300, len(numbers)

        made = await incidents.create(dict(short_description="from aiosnow", impact=1, urgency=1))
        assert made["number"].startswith("INC"), made
        changed = await incidents.update(Incident.number == made["number"], dict(state=2))
        assert changed["state"].value == "In Progress", changed

        folder = tempfile.mkdtemp()
        path = os.path.join(folder, "notes.txt")
        with open(path, "wb") as file:
            file.write(b"what was found")
        uploaded = await incidents.upload_file(made["sys_id"], path)
        back = os.path.join(folder, "back")
        await incidents.download_file(uploaded["sys_id"], back)
        with open(os.path.join(back, "notes.txt"), "rb") as file:
            assert file.read() == b"what was found"

        await incidents.delete(made["sys_id"])
        assert len(await incidents.get(Incident.number == made["number"], limit=1)) == 0
    print("aiosnow is content")


asyncio.run(main())
