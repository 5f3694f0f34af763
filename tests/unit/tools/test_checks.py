# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make test` can fail: a suite that failed, died or was never collected does not look like one that passed."""

from __future__ import annotations

from pathlib import Path

import branch_coverage
import pytest
from coverage.exceptions import NoDataError
from demo import to_deploy
from seamless_checks import runner
from seamless_checks.counts import Counts, of_step
from seamless_checks.runner import main, run_section
from seamless_checks.sections import Step, on_request, sections

TOOLS = Path(__file__).resolve().parents[3] / "tools"


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch, tmp_path):
    """Results, and what is locked meanwhile, are not those of the run that these tests are a part of."""
    monkeypatch.setattr(runner, "RESULTS", tmp_path)
    monkeypatch.setattr(runner, "BUSY", tmp_path / "busy")


def junit(folder: Path, **counts: int) -> Path:
    path = folder / "junit.xml"
    attributes = " ".join(f'{name}="{number}"' for name, number in counts.items())
    path.write_text(f"<testsuites><testsuite {attributes} /></testsuites>", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("status", "counts", "expected"),
    [
        (0, {"tests": 3, "failures": 0, "errors": 0, "skipped": 1}, Counts(2, 0, 1)),
        (1, {"tests": 3, "failures": 1, "errors": 1, "skipped": 0}, Counts(1, 2, 0)),
        (0, {"tests": 0}, Counts(0, 1, 0)),  # nothing was collected
        (3, {"tests": 2}, Counts(2, 1, 0)),  # all passed, and then the program failed
    ],
)
def test_a_suite_counts_what_it_ran(tmp_path, status, counts, expected):
    assert of_step(status, junit(tmp_path, **counts)) == expected


def test_a_suite_that_died_before_it_wrote_its_results_has_failed(tmp_path):
    assert of_step(0, tmp_path / "missing.xml") == Counts(failed=1)
    torn = tmp_path / "torn.xml"
    torn.write_text("<testsuites><testsu", encoding="utf-8")
    assert of_step(137, torn) == Counts(failed=1)


def test_each_test_that_failed_is_told_at_the_end_with_why(monkeypatch, capsys, tmp_path):
    why = "&#10;".join(["it ended", *(f"line {number} {'x' * 300}" for number in range(20))])
    cases = f"""<testcase classname="tests.a" name="well" />
        <testcase classname="tests.a" name="ill"><failure message="{why}" /></testcase>
        <testcase classname="tests.b" name="unready"><error message="no lab" /></testcase>"""
    path = tmp_path / "junit.xml"
    path.write_text(
        f'<testsuites><testsuite tests="3" failures="1" errors="1">{cases}</testsuite></testsuites>', "utf-8"
    )
    monkeypatch.setattr(
        runner, "sections", lambda: {"unit": [Step("units", ["cp", str(path), str(path) + ".new"], path)]}
    )
    monkeypatch.setattr(Path, "unlink", lambda self, missing_ok: None)
    assert main(["unit"]) == 1
    told = capsys.readouterr().out.partition("\nFAILED ")[2]
    assert told.startswith("tests.a::ill\n    it ended\n    ...\n    line 14 xxx")
    assert "FAILED tests.b::unready\n    no lab\n" in told
    assert max(map(len, told.splitlines())) < 170
    assert "well" not in told


def test_a_tool_counts_as_one():
    assert of_step(0, None) == Counts(passed=1)
    assert of_step(2, None) == Counts(failed=1)


def test_a_section_goes_on_after_a_failure_and_a_missing_program():
    steps = [Step("fails", ["false"]), Step("missing", ["no-such-program"]), Step("passes", ["true"])]
    assert [result.counts.failed for result in run_section("trial", steps)] == [1, 1, 0]


def test_a_section_without_steps_has_failed():
    assert run_section("trial", [])[0].counts == Counts(failed=1)


def test_an_unknown_section_is_refused(capsys):
    assert main(["lnit"]) == 2
    assert "lint" in capsys.readouterr().err


def test_every_target_of_make_is_a_section():
    makefile = (TOOLS.parent / "Makefile").read_text(encoding="utf-8")
    (line,) = (line for line in makefile.splitlines() if line.startswith("lint "))
    assert set(line.partition(":")[0].split()) == set(sections())
    called = [line for line in makefile.splitlines() if line.startswith(("long", "test-")) and "##" in line]
    assert {name for line in called for name in line.partition(":")[0].split()} == set(on_request())


def test_what_is_only_run_on_request_is_not_a_part_of_all(monkeypatch, capsys):
    ran = []
    monkeypatch.setattr(runner, "run_section", lambda name, steps, said=None: ran.append(name) or [])
    monkeypatch.setattr(runner, "conclude", lambda results, took: 0)
    assert main(["all"]) == main(["long"]) == 0
    assert sorted(ran) == sorted([*sections(), "long"])
    assert not set(sections()) & set(on_request())


def test_what_runs_beside_the_others_counts_and_is_told_at_the_end(monkeypatch, capfd, tmp_path):
    waits = f"until [ -e {tmp_path}/busy ]; do sleep 0.01; done; flock --shared {tmp_path}/busy cat {tmp_path}/ended"
    made = {
        "lint": [Step("first", ["true"])],
        "sanity": [Step("beside", ["sh", "-c", f"nice; sleep 0.5; touch {tmp_path}/ended; exit 1"])],
        "integration": [Step("last", ["sh", "-c", f"sleep 0.2; {waits}"])],
    }
    monkeypatch.setattr(runner, "sections", lambda: made)
    assert main(["all"]) == 1
    said = capfd.readouterr().out
    assert said.index("── first: ok") < said.index("── last: ok") < said.index("── beside: FAILED")
    assert "\n19\n" in said, "it has less right to the processor"
    assert (tmp_path / "summary").read_text(encoding="utf-8") == "tests: 2 passed, 1 failed, 0 skipped\n"
    assert main(["sanity"]) == 1, "alone, it runs like any other"


@pytest.mark.parametrize(
    ("taken", "both", "status"),
    [
        (95, 99.0, 0),
        (94, 99.0, 1),  # statements must not make up for branches
        (100, 94.9, 1),  # nor branches for a file without any, which no test imports
    ],
)
def test_too_few_branches_taken_is_a_failure(monkeypatch, capsys, taken, both, status):
    summary = {"covered_branches": taken, "num_branches": 100, "percent_covered": both}
    file = {"summary": summary, "missing_lines": [7], "missing_branches": [[3, 5]]}
    monkeypatch.setattr(branch_coverage, "measure", lambda *_: {"totals": summary, "files": {"a.py": file}})
    assert branch_coverage.main(["95", "plugins"]) == status
    assert ("a.py: lines [7], branches [[3, 5]]" in capsys.readouterr().out) == bool(status)


def test_branches_that_nobody_measured_are_a_failure(monkeypatch, capsys):
    def nothing(*_):
        raise NoDataError("No data to report.")

    monkeypatch.setattr(branch_coverage, "measure", nothing)
    assert branch_coverage.main(["95", "plugins"]) == 1
    assert "expected the data of a run" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("live", "wanted", "versions"),
    [
        (None, None, ["1.0.0", "2.0.0"]),
        ("1.0.0-1a2b3c4d", None, ["2.0.0"]),
        ("2.0.0-1a2b3c4d", None, ["1.0.0"]),
        ("3.1.0-1a2b3c4d", None, ["2.0.0"]),
        ("2.0.0-1a2b3c4d", "2.0.0", ["2.0.0"]),
        (None, "release.yml", ["release.yml"]),
    ],
)
def test_make_deploy_takes_the_other_release_live(live, wanted, versions):
    assert to_deploy(live, wanted) == versions
