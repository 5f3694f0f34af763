# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tasks of the user's own around the phases: each runs where and when the docs say, and a bad one is undone."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from harness.canary import canary, people, step
from harness.settled import history, settled
from harness.site import BALANCERS, Site
from harness.verdict import unhurt

pytestmark = [pytest.mark.lab, pytest.mark.slow, pytest.mark.long]

KINDS = ("install", "verify", "shift", "watch", "drain", "bake", "close")
MAP = "/etc/haproxy/seamless/split.map"


def test_each_hook_runs_once_on_every_host_in_its_place_with_the_documented_variables(site: Site, other: Path) -> None:
    before, told = history(site), site.folder / "hooks-told.jsonl"
    hooks = {
        kind: {place: [_hook(site, f"{place}-{kind}", _mark(place, told))] for place in ("before", "after")}
        for kind in KINDS
    }
    told.unlink(missing_ok=True)
    with people(site) as users:
        site.must("deploy", "-e", f"@{other}", rollout_hooks=hooks, rollout_service=canary(step(20)))
    unhurt(users.saw(), least=1000)
    report, lines = site.report(), [json.loads(line) for line in told.read_text(encoding="utf-8").splitlines()]
    settled(site, report["release"])

    phases = ("install", "verify", "shift-1", "watch-1", "shift-2", "drain", "bake", "close")
    ran = [place for place, _lines in itertools.groupby((line["phase"], line["place"]) for line in lines)]
    assert ran == [(phase, place) for phase in phases for place in ("before", "after")]
    everybody = sorted({"localhost", *BALANCERS, *site.members["blue"], *site.members["green"]})
    for place in ran:
        assert sorted(line["host"] for line in lines if (line["phase"], line["place"]) == place) == everybody, place
    assert {(line["rollout"], line["service"]) for line in lines} == {(report["rollout"], site.service["name"])}
    color = "green" if before.live_color == "blue" else "blue"
    assert {(line["release"], line["previous"], line["color"], line["live_color"]) for line in lines} == {
        (report["release"], before.live_release, color, before.live_color)
    }
    # The phase lies between its hooks: what a load balancer has differs over a shift, and over nothing else.
    for host in BALANCERS:
        splits = {(line["phase"], line["place"]): line["split"] for line in lines if line["host"] == host}
        changed = [phase for phase in phases if splits[phase, "before"] != splits[phase, "after"]]
        assert changed == ["shift-1", "shift-2"], splits


@pytest.mark.parametrize(
    ("kind", "place", "only", "outcome"),
    [
        ("install", "after", "a host", "failed"),
        ("verify", "before", "run_once", "failed"),
        ("shift", "before", "everybody", "rolled_back"),  # which is how it made sure that nobody had moved
    ],
)
def test_a_hook_that_fails_before_users_move_leaves_everybody_where_they_were(
    site: Site, other: Path, kind: str, place: str, only: str, outcome: str
) -> None:
    before, moved_at = history(site), site.moved_at()
    alone = site.members["blue"][0]
    limits = {"a host": {"when": f"inventory_hostname == '{alone}'"}, "run_once": {"run_once": True}, "everybody": {}}
    file = _hook(site, f"fails-{kind}", [{"ansible.builtin.fail": {"msg": "not like this"}, **limits[only]}])
    with site.users(rate=60) as users:
        done = site.run("deploy", "-e", f"@{other}", rollout_hooks={kind: {place: [file]}})
    unhurt(users.saw(), least=300)
    assert done.status == 2, done.output[-3000:]
    assert f"The tasks of {file}, {place} {kind}, failed on" in done.told
    assert "not like this" in done.told
    if only == "a host":
        assert f"failed on {alone}: not like this" in done.told, "and on no other"
    report = site.report()
    assert report["outcome"] == outcome
    assert file in json.dumps(report)
    assert site.moved_at() == moved_at
    settled(site, before.live_release or "")


@pytest.mark.parametrize(("kind", "place", "on"), [("shift", "after", 0), ("bake", "before", 1)])
def test_a_hook_that_fails_after_users_moved_takes_them_back(
    site: Site, other: Path, kind: str, place: str, on: int
) -> None:
    before, moved_at = history(site), site.moved_at()
    alone = site.members["green"][on]
    failing = {"ansible.builtin.fail": {"msg": "not like this"}, "when": f"inventory_hostname == '{alone}'"}
    file = _hook(site, f"fails-{kind}", [failing])
    with site.users(rate=60) as users:
        done = site.run("deploy", "-e", f"@{other}", rollout_hooks={kind: {place: [file]}})
    unhurt(users.saw(), least=300)
    assert done.status == 2, done.output[-3000:]
    assert f"The tasks of {file}, {place} {kind}, failed on {alone}: not like this" in done.told
    assert f"users are on {before.live_release}" in done.told
    assert site.report()["outcome"] == "rolled_back"
    assert all(site.moved_at()[host] != moved_at[host] for host in BALANCERS), "users had moved, or nothing was tried"
    settled(site, before.live_release or "")


def test_the_plan_has_the_hooks_and_its_digest_stands_for_them(site: Site, other: Path) -> None:
    journal = site.journal()
    one, two = (_hook(site, name, [{"ansible.builtin.meta": "noop"}]) for name in ("one", "two"))
    plans = {}
    for name, hooks in (("none", {}), ("one", {"verify": {"after": [one]}}), ("two", {"verify": {"after": [two]}})):
        told = site.must("deploy", "--check", "--diff", "-e", f"@{other}", rollout_hooks=hooks).told
        plans[name] = re.findall(r"plan ([0-9a-f]{12}): ", told)[0]
        assert ("hook after: " in told) == (name != "none")
    assert f"hook after: {Path(two).name}" in told
    assert len(set(plans.values())) == 3
    approved = {"rollout_plan_digest": plans["one"], "rollout_hooks": {"verify": {"after": [two]}}}
    refused = site.run("deploy", "-e", f"@{other}", **approved)
    assert refused.status == 2
    assert f"Plan {plans['one']} was approved, but what is found now leads to plan {plans['two']}." in refused.told
    assert site.journal() == journal


@pytest.mark.parametrize("mode", [(), ("--check",)])
def test_a_hook_that_cannot_be_loaded_ends_the_run_before_it_begins(
    site: Site, other: Path, mode: tuple[str, ...]
) -> None:
    """Ansible ends a run that meets one, without undoing anything: it must not be met in the midst of a rollout."""
    journal, lease = site.journal(), site.lease()
    bad = {
        str(site.folder / "hooks" / "nowhere.yml"): "absolute paths of files of tasks",
        _hook(site, "no-module", [{"ansible.builtin.no_such_module": {}}]): "no_such_module",
        _hook(site, "no-list", {"hosts": "all"}): "no-list.yml",
    }
    for file, said in bad.items():
        refused = site.run("deploy", *mode, "-e", f"@{other}", rollout_hooks={"bake": {"after": [file]}})
        assert not refused.ok
        assert said in refused.told, refused.output[-3000:]
        assert (site.journal(), site.lease()) == (journal, lease)


def _hook(site: Site, name: str, tasks: Any) -> str:
    file = site.folder / "hooks" / f"{name}.yml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(yaml.safe_dump(tasks), encoding="utf-8")
    return str(file)


def _mark(place: str, told: Path) -> list[dict[str, Any]]:
    """Tasks that say what they find, as one line of *told* for each host; the load balancers' split among it."""
    line = {
        "place": place,
        "phase": "{{ rollout_phase }}",
        "host": "{{ inventory_hostname }}",
        "rollout": "{{ rollout_id }}",
        "service": "{{ service.name }}",
        **{key: f"{{{{ rollout_decision.{key} }}}}" for key in ("release", "previous", "color", "live_color")},
        "split": "{{ seen.stdout | default('') }}",
    }
    return [
        {
            "ansible.builtin.command": f"cat {MAP}",
            "register": "seen",
            "when": f"inventory_hostname in {list(BALANCERS)}",
        },
        {
            "ansible.builtin.shell": f'echo "$LINE" >> {told}',
            "environment": {"LINE": "{{ line | to_json }}"},
            "vars": {"line": line},
            "delegate_to": "localhost",
        },
    ]
