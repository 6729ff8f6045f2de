"""`make bench`: the budgets of docs/architecture.md, measured on this machine.

Throughput is a share of the floor (an empty signed-in page on the same server, interpreter and run), so the figures
compare between machines. Runs in `var/bench`, apart from the demo's data.
"""

import os
import socket
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
os.environ.update(
    {
        "DJANGO_SETTINGS_MODULE": "bench.settings",
        "DATA_DIR": str(ROOT / "var" / "bench"),
        "SECRET_KEY": "only-for-the-bench",
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
        "HTTPS": "0",
        "DEBUG": "0",
        "DEMO": "0",
    }
)
PEOPLE, ROUNDS, SECONDS = 8, 5, 3.0
KILOBYTE = 1024


def main() -> int:
    """Measure, print a line per budget, and return how many were missed."""
    import django

    django.setup()
    from bench import cohort, people, streams, weight
    from jmdi import server

    with ExitStack() as started:
        server.start_database(started, print)
        server.prepare(print)
        course = people.core_module()
        section = people.typical_section(course)
        print(f"section: {section.title}, {section.words} words, {section.questions_total} questions")
        crowd = [people.make_person(number, course) for number in range(PEOPLE)]
        port, _process = start_server(started)
        missed = measure_throughput(port, crowd, section.url)
        missed += cohort.measure(course)
        missed += streams.measure()
        first, second = weight.measure(port, crowd[0].session, section.url, course.sections[-1].url)
    missed += report("first view of a section", first.bytes / KILOBYTE, 75, "KB")
    missed += report("requests of the first view", first.requests, 8, "")
    return missed + report("the next section", second.bytes / KILOBYTE, 15, "KB")


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_server(started: ExitStack) -> tuple[int, psutil.Process]:
    """Start the site's server with the bench's pages; return its port once it answers, and its process."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "jmdi.asgi:application", "--port", str(port), "--log-level", "error"]
    process = subprocess.Popen(command, cwd=ROOT)
    started.callback(process.wait)
    started.callback(process.terminate)
    for _attempt in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return port, psutil.Process(process.pid)
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def measure_throughput(port: int, crowd: list, section: str) -> int:
    """Compare a section and a saved answer with the floor, in turns, so that a busy moment meets all three."""
    from bench.load import throughput

    kinds = {
        "floor": [lambda person=person: person.get("/bench/floor/") for person in crowd],
        "section": [lambda person=person: person.get(section) for person in crowd],
        "answer": [person.save for person in crowd],
    }
    rates = {name: [] for name in kinds}
    for _round in range(ROUNDS):
        for name, asks in kinds.items():
            rates[name].append(throughput(port, asks, SECONDS))
    median = {name: statistics.median(values) for name, values in rates.items()}
    print(", ".join(f"{name}: {rate:.0f}/s" for name, rate in median.items()))
    missed = report("section page, share of the floor", 100 * median["section"] / median["floor"], 60, "%", least=True)
    return missed + report("saving an answer, likewise", 100 * median["answer"] / median["floor"], 45, "%", least=True)


def report(what: str, value: float, budget: float, unit: str, *, least: bool = False) -> int:
    """Print one budget; return 1 when it is missed."""
    missed = value < budget if least else value > budget
    sign = "≥" if least else "≤"
    print(f"{'MISS' if missed else 'ok  '} {what}: {value:.1f} {unit} (budget {sign} {budget} {unit})")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
