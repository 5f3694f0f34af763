# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tests that measure moments, marked ``moment``: one that fails on a starved machine is run again, and that is said.

Nothing is excused: the test has to pass. But a failure stands at once only where the machine cannot be its cause.
These are hooks of pytest, which a conftest imports.
"""

from __future__ import annotations

import pytest
from _pytest.runner import call_and_report

from .witness import Machine, Witness

AGAIN = 2

_told: list[str] = []


def is_alone(item: pytest.Item) -> bool:
    """Whether nothing may run beside it: ``moment``, without ``alone=False``."""
    marker = item.get_closest_marker("moment")
    return marker is not None and bool(marker.kwargs.get("alone", True))


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a test that is marked; again where its failure may be the machine's, twice or ``moment(again=N)`` times."""
    marker = item.get_closest_marker("moment")
    if marker is None:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for left in reversed(range(1 + marker.kwargs.get("again", AGAIN))):
        reports, machine = _measured(item)
        again = left > 0 and reports[-1].when == "call" and reports[-1].failed and machine.starved
        # To the module alone: what tests share is still needed, by this one.
        reports.append(call_and_report(item, "teardown", log=False, nextitem=item.parent if again else nextitem))
        if not again:
            break
        _tell(item, reports, machine, left)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def _measured(item: pytest.Item) -> tuple[list[pytest.TestReport], Machine]:
    item._initrequest()  # type: ignore[attr-defined] # its fixtures are made anew
    reports = [call_and_report(item, "setup", log=False)]
    with Witness() as witness:
        if reports[0].passed:
            reports.append(call_and_report(item, "call", log=False))
    return reports, witness.machine


def _tell(item: pytest.Item, reports: list[pytest.TestReport], machine: Machine, left: int) -> None:
    failure = next(report for report in reports if report.failed)
    why = str(getattr(failure.longrepr, "reprcrash", failure.longrepr)).splitlines()[0]
    _told.append(f"{item.nodeid}: {why}\n    while {machine}; run again, {left} more at most")
    terminal = item.config.pluginmanager.get_plugin("terminalreporter")
    if terminal:
        terminal.write_line(f"\nAGAIN {_told[-1]}", yellow=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What was run again, and why, where nobody can overlook it."""
    if _told:
        terminalreporter.section("run again, for the machine was starved", yellow=True)
        for line in _told:
            terminalreporter.write_line(line)
