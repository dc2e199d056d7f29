"""Builds the query of benches/queries.ts with pysnow's builder. Prints the median of nine rounds in microseconds for one query."""

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
