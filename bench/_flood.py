"""Ask a server without pause, so many requests at once: _flood.py PORT AT_ONCE LEAST.

It ends when a line comes in, but not before it has asked LEAST times.

A process of its own: threads of the one that measures would make it wait for itself. Prints how many requests had
which answer, as JSON.
"""

import asyncio
import json
import sys
from collections import Counter

HEAD = b"POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 200\r\nX-Forwarded-For: 10.0.0.%d\r\n\r\n"


async def ask(port: int, number: int) -> str:
    """One request; the status of its answer, or how it went wrong."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError as error:
        return type(error).__name__
    try:
        writer.write(HEAD % (number % 250) + bytes(200))
        line = await reader.readline()
        return line.split()[1].decode() if line else "closed"
    except (OSError, IndexError) as error:
        return type(error).__name__
    finally:
        writer.close()


async def flood(port: int, at_once: int, least: int) -> Counter[str]:
    """Ask until standard input has something to say, and as often as asked."""
    answers: Counter[str] = Counter()
    over = asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)

    async def one(number: int) -> None:
        while not over.done() or answers.total() < least:
            answers[await ask(port, number)] += 1

    await asyncio.gather(*(one(number) for number in range(at_once)))
    return answers


if __name__ == "__main__":
    print(json.dumps(asyncio.run(flood(*map(int, sys.argv[1:])))))
