"""SQLite through Python's own driver. Reads one JSON request a line and answers with one line."""

import hashlib
import json
import sqlite3
import sys
import time

path, rows, per_second, filler = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
database = sqlite3.connect(path)
database.executescript("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF; PRAGMA cache_size = -2000000;")
database.execute("CREATE TABLE incident (sys_id TEXT PRIMARY KEY, sys_updated_on TEXT NOT NULL, filler TEXT)")


def stamp(second):
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(1767225600 + second))


made = sorted((hashlib.md5(str(number).encode()).hexdigest(), number) for number in range(rows))
database.executemany(
    "INSERT INTO incident VALUES (?, ?, ?)", ((key, stamp(number // per_second), filler) for key, number in made)
)
del made
database.execute("CREATE INDEX by_update ON incident (sys_updated_on, sys_id)")
database.execute("ANALYZE")
database.commit()
print(json.dumps(sqlite3.sqlite_version), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    if "ids" in request:
        print(json.dumps([row[0] for row in database.execute(request["ids"])]), flush=True)
        continue
    times = []
    for statement in request["time"]:
        began = time.perf_counter()
        database.execute(statement).fetchall()
        times.append((time.perf_counter() - began) * 1000)
    print(json.dumps(times), flush=True)
