"""Counts the operations of a client's program. An operation that fails is printed with its reason, and the next one runs."""

import asyncio
import inspect
import sys
import traceback

loop = asyncio.new_event_loop()
asyncio.set_event_loop(loop)
_passed = []
_failed = []


def operation(name):
    """Runs the decorated function, or coroutine function, once and counts it."""

    def run(function):
        try:
            if inspect.iscoroutinefunction(function):
                loop.run_until_complete(function())
            else:
                function()
        except Exception:
            print(f"FAILED {name}: {traceback.format_exc()}", file=sys.stderr)
            _failed.append(name)
        else:
            _passed.append(name)
        return function

    return run


def refused(error, call, *arguments, **named):
    """The error of this class that the call raises."""
    try:
        call(*arguments, **named)
    except error as raised:
        return raised
    raise AssertionError(f"{error} was not raised")


def finish():
    """Prints the counts. The process fails if an operation failed."""
    print(f"{len(_passed)} passed, {len(_failed)} failed")
    sys.exit(1 if _failed else 0)
