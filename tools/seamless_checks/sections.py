# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is checked: sections in the order of `make test`, quick ones first; each is a list of steps."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / ".venv" / "bin"
# Both floors of plain Python, and the ground floor, where everything is decided, for itself.
COVERED = ("plugins/module_utils", "plugins/plugin_utils", "plugins/module_utils/rollout")
# What talks to AWS, and so is covered by tests that talk to an emulator of it.
EMULATED = (
    "plugins/module_utils/aws",
    "plugins/module_utils/ledgers/dynamodb.py",
    "plugins/module_utils/ledgers/s3.py",
    "plugins/module_utils/releases/autoscaling_group.py",
    "plugins/module_utils/releases/instance_refresh.py",
    "plugins/module_utils/releases/target_health.py",
    "plugins/module_utils/routers/alb*.py",
    "plugins/module_utils/routers/aws_*.py",
    "plugins/module_utils/routers/cloudfront*.py",
    "plugins/module_utils/routers/fence_table.py",
    "plugins/module_utils/routers/route53*.py",
)
RESULTS = ROOT / ".cache" / "checks"


# Tests with small labs of their own that measure no moment: a busy machine only makes them slower.
APART = ("acme", "cohorts", "counts", "lab")
# Tests in the lab where both colors share their hosts (tests/integration/conftest.py); it is down before others begin.
SHARED = ("side_by_side", "bad_releases", "killed", "rolling")

# What `make test` runs beside all other sections, with less right to the processor: real rollouts wait more than they
# work. The lanes run at the same time, each in its order. Tests that are marked `moment` wait until they have ended.
BESIDE = (("packaging", "sanity", "molecule", "labs"), ("aws",))
BUSY = RESULTS / "beside.lock"

# What takes long and is like another test: `make long` runs it.
NOT_LONG = ("-m", "not long")
LONG = ("-m", "long")
# For whoever has to find room for another test.
SLOWEST = ("--durations=15", "--durations-min=20")


@dataclass(frozen=True)
class Step:
    """One command. `junit` names the file where it counts its tests; without one, the step counts as one."""

    name: str
    argv: list[str]
    junit: Path | None = None
    environment: dict[str, str] = field(default_factory=dict)


def sections() -> dict[str, list[Step]]:
    """Every section by name, in the order in which `all` runs them."""
    return {
        "lint": lint(),
        "unit": unit(),
        "packaging": packaging(),
        "sanity": [Step("ansible-test sanity", ["tools/sanity.sh"], RESULTS / "sanity.xml")],
        "molecule": molecule(),
        "labs": labs(),
        "aws": aws(),
        "integration": integration(),
    }


def on_request() -> dict[str, list[Step]]:
    """Sections that `all` leaves out: what takes an hour, and the roles' other platforms, each with its own image."""
    return {
        "long": long(),
        "test-debian12": platform("bookworm", "10.111.251"),
        "test-ubuntu2404": platform("noble", "10.111.252"),
    }


def lint() -> list[Step]:
    """Style, types, spelling of licences: nothing is executed."""
    shell = sorted(
        str(path.relative_to(ROOT)) for path in (*ROOT.glob("tools/*.sh"), ROOT / ".ci" / "run") if path.is_file()
    )
    return [
        _tool("ruff check", "ruff", "check", "."),
        _tool("ruff format", "ruff", "format", "--check", "."),
        _tool("mypy", "mypy"),
        _tool("yamllint", "yamllint", "--strict", "."),
        _tool("shellcheck", "shellcheck", *shell),
        _tool("licences", "reuse", "lint", "--quiet"),
        _tool("changelog", "antsibull-changelog", "lint"),
        _tool("ansible-lint", "ansible-lint", "--offline", "-q"),
        replace(
            _tool("collection docs", "antsibull-docs", "lint-collection-docs", "--plugin-docs", "--skip-rstcheck", "."),
            # It copies the collections that ours depends on, of a git checkout only what git knows: the venv is none.
            environment={"GIT_CEILING_DIRECTORIES": str(ROOT / ".venv")},
        ),
    ]


def unit() -> list[Step]:
    """The collection's units, with branch coverage, then the example service's own tests."""
    return [
        _pytest("units", "tests/unit", "--numprocesses=3", "--dist=worksteal", "--cov", "--cov-report="),
        _coverage("95", *COVERED, "--without", *(path if path.endswith(".py") else f"{path}/*" for path in EMULATED)),
        _pytest("storefront", "examples/storefront/tests", "--numprocesses=2"),
    ]


def aws() -> list[Step]:
    """Everything for AWS, against an emulator that is a process of its own."""
    data = str(ROOT / ".cache" / "coverage" / "aws")
    run = _pytest(
        "aws",
        "tests/aws",
        "tests/unit/module_utils/aws",
        *NOT_LONG,
        "--numprocesses=3",  # they wait as much as they work
        "--dist=worksteal",
        "--cov",
        "--cov-report=",
    )
    calls = str(RESULTS / "aws-calls")
    return [
        replace(run, environment={"COVERAGE_FILE": data, "SEAMLESS_AWS_CALLS": calls}),
        # Taken together; what an emulator never answers, botocore's stubs do (tests/unit/module_utils/aws/a_vendor.py).
        _coverage("95", ",".join(EMULATED), "--data", data),
        _tool("least privilege", "python", "tools/aws_policy.py", "check", calls),
    ]


def packaging() -> list[Step]:
    """The tarball that Galaxy would get: built, installed, used from somebody else's playbook, imported."""
    return [
        _pytest("tarball", "tests/packaging"),
        Step("galaxy-importer", ["tools/galaxy_import.sh"]),
    ]


def molecule() -> list[Step]:
    """Each scenario in the lab's containers: converge, converge again without a change, verify."""
    scenarios = sorted(
        path.parent.name for path in ROOT.glob("molecule/*/molecule.yml") if path.parent.name != "default"
    )
    return [_tool(f"molecule {name}", "molecule", "test", "-s", name) for name in scenarios]


def labs() -> list[Step]:
    """What measures no moment, in small labs of its own."""
    return [_image(), _pytest("labs", *_files(APART), *NOT_LONG, *SLOWEST)]


def integration() -> list[Step]:
    """Real rollouts, and what measures moments; in labs of the tests' own, never the one that somebody has up."""
    others = (f"--ignore={file}" for file in _files((*APART, *SHARED)))
    return [
        _image(),
        _pytest("on shared hosts", *_files(SHARED), *NOT_LONG, *SLOWEST),
        _pytest(
            "integration",
            "tests/integration",
            *others,
            *NOT_LONG,
            *SLOWEST,
            environment={"SEAMLESS_BUSY": str(BUSY)},
        ),
    ]


def _image() -> Step:
    return Step("engine and image", [str(BIN / "python"), "tools/lab.py", "image"])


def _files(names: tuple[str, ...]) -> list[str]:
    return [f"tests/integration/test_{name}.py" for name in names]


def long() -> list[Step]:
    """Every test that `make test` has no time for."""
    return [
        _image(),
        _pytest("long for AWS", "tests/aws", *LONG, "--numprocesses=3", "--dist=worksteal", *SLOWEST),
        _pytest("long in labs", "tests/integration", *LONG, *SLOWEST),
    ]


def platform(suite: str, subnet: str) -> list[Step]:
    """What depends on the hosts' system: both roles, certificates, the router, a release and its rollback."""
    python = str(BIN / "python")
    hosts = {"SEAMLESS_LAB_SUITE": suite, "SEAMLESS_LAB": f"seamless-{suite}", "SEAMLESS_LAB_SUBNET": subnet}
    tests = _files(("haproxy_router", "acme", "deploy", "rollback"))
    scenarios = [replace(step, environment={"SEAMLESS_LAB_SUITE": suite}) for step in molecule()]
    return [
        Step("lab up", [python, "tools/lab.py", "up"], environment=hosts),
        _pytest(f"integration on {suite}", *tests, environment=hosts),
        Step("lab down", [python, "tools/lab.py", "down"], environment=hosts),
        *scenarios,
    ]


def _coverage(least: str, *arguments: str) -> Step:
    return _tool("coverage", "python", "tools/branch_coverage.py", least, *arguments)


def _tool(name: str, program: str, *arguments: str) -> Step:
    return Step(name, [str(BIN / program), *arguments])


def _pytest(name: str, *arguments: str, environment: dict[str, str] | None = None) -> Step:
    junit = RESULTS / f"{name}.xml"
    argv = [str(BIN / "python"), "-m", "pytest", "-q", *arguments, f"--junitxml={junit}"]
    return Step(name, argv, junit, environment or {})
