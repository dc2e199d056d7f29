"""Reads a table to its last row with pysnow or snowloader: `reading.py pysnow|snowloader HOST PAGE`; prints rows and seconds."""

import itertools
import logging
import sys
import time
import warnings

peer, host, page = sys.argv[1], sys.argv[2], int(sys.argv[3])
user = {"user": "practice.integration", "password": "practice-password"}
logging.disable(logging.CRITICAL)
warnings.simplefilter("ignore")

if peer == "pysnow":
    import pysnow

    client = pysnow.Client(host=host, use_ssl=False, **user)
    client.parameters.exclude_reference_link = True
    table = client.resource(api_path="/table/incident")

    def rows():
        # pysnow's limit counts all rows, not those of a page. Therefore each page is a call of its own, until one is empty.
        for offset in itertools.count(0, page):
            before = offset
            for row in table.get(query="ORDERBYsys_id", limit=page, offset=offset, stream=True).all():
                before += 1
                yield row
            if before == offset:
                return
else:
    from snowloader import SnowConnection

    # snowloader accepts only addresses with a domain. Therefore the practice instance answers as the proxy for one.
    connection = SnowConnection(
        instance_url="http://practice.service-now.test",
        proxy=f"http://{host}",
        username=user["user"],
        password=user["password"],
        page_size=page,
        display_value="false",
    )

    def rows():
        return connection.get_records("incident")


began = time.perf_counter()
seen = sum(1 for _ in rows())
print(seen, time.perf_counter() - began)
