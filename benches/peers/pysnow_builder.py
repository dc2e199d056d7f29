"""Builds the query that benches/queries.ts builds, with pysnow's own builder; prints microseconds a query, the median of nine."""

import statistics
import time

import pysnow

TRIPS = 10_000


def build():
    return str(
        pysnow.QueryBuilder()
        .field("active").equals("true")
        .AND().field("state").equals(["1", "2", "3"])
        .AND().field("short_description").contains("vpn")
        .AND().field("priority").less_than(3)
        .AND().field("sys_updated_on").order_descending()
    )


def timed():
    began = time.perf_counter()
    for _ in range(TRIPS):
        build()
    return (time.perf_counter() - began) / TRIPS * 1e6


timed()
print(build())
print(f"{statistics.median(timed() for _ in range(9)):.3f}")
