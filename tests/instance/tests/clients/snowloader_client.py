"""snowloader, unchanged, against the practice instance: sign in three ways, sweeps that prove themselves, loaders, counts,
attachments. It reads only; writing is left to the others."""

import sys

import requests
from snowloader import AttachmentLoader, IncidentLoader, SnowConnection

# It takes only addresses that end in a domain: the practice instance answers for one as its own proxy.
origin = f"http://{sys.argv[1]}"
address = {"instance_url": "http://practice.service-now.test", "proxy": origin}
password = {"username": "practice.integration", "password": "practice-password"}
client = {"client_id": "practice-client", "client_secret": "practice-secret"}

with SnowConnection(**address, page_size=50, **password) as connection:
    everything = list(connection.get_records("incident", verify=True))
    assert len({row["sys_id"] for row in everything}) == 300
    closed = list(connection.get_records("incident", query="state=7", fields=["sys_id", "number", "state"]))
    assert closed and connection.get_count("incident", query="state=7") == len(closed), len(closed)
    keyed = list(connection.get_records("incident", keyset=True))
    assert len({row["sys_id"] for row in keyed}) == 300
    together = list(connection.concurrent_get_records("incident", max_workers=4))
    assert len({row["sys_id"] for row in together}) == 300
    documents = IncidentLoader(connection=connection, query="active=true").load(verify=True)
    assert documents and all(document.page_content for document in documents)

    record = closed[0]["sys_id"]
    posted = requests.post(
        f"{origin}/api/now/attachment/file",
        params={"table_name": "incident", "table_sys_id": record, "file_name": "notes.txt"},
        data=b"what was found",
        headers={"Content-Type": "text/plain"},
        auth=("practice.integration", "practice-password"),
    )
    assert posted.status_code == 201, posted.text
    files = AttachmentLoader(connection=connection, query=f"table_sys_id={record}").load()
    assert len(files) == 1, files
    assert connection.get_attachment(posted.json()["result"]["sys_id"]) == b"what was found"

for means in (client | password, client):
    with SnowConnection(**address, **means) as connection:
        assert connection.get_count("incident") == 300, means.keys()
print("snowloader is content")
