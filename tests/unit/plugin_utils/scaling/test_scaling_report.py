# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The report of a scaling policy: the document, the page, and the action that keeps both."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any
from unittest.mock import MagicMock

import pytest
from ansible.errors import AnsibleActionFail

from ansible_collections.seamless.delivery.plugins.action import scaling_report as plugin
from ansible_collections.seamless.delivery.plugins.plugin_utils.scaling import figures, html
from ansible_collections.seamless.delivery.plugins.plugin_utils.scaling.document import build

SLOW: dict[str, Any] = {
    "policy": {"type": "target_tracking"},
    "target": 50,
    "instances": {"least": 2, "most": 20},
    "boot": 40,
}
FAST = {**SLOW, "metric": {"period": 10, "delivery": 5}, "health": {"interval": 5}}
EVIL = "</script><img src=x onerror=alert(1)>\"'&{{ 7*7 }}\u202e"
SPIKE = {"type": "spike", "low": 90, "high": 400}


class Page(HTMLParser):
    """The tags of a page; fails where they do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def run(check_mode: bool = False, **args: Any) -> dict[str, Any]:
    task = SimpleNamespace(
        action="seamless.delivery.scaling_report", args={"scaling": FAST} | args, async_val=0, check_mode=check_mode,
        diff=False, delegate_to=None, collections=[], _ansible_internal_redirect_list=[],
    )  # fmt: skip
    connection = MagicMock(_shell=MagicMock(tmpdir=None))
    return plugin.ActionModule(task, connection, MagicMock(), MagicMock(), MagicMock(), MagicMock()).run(task_vars={})


@pytest.mark.parametrize("declared", [SLOW, FAST])
@pytest.mark.parametrize("traces", [{}, {EVIL: SPIKE, "A day": {"type": "daily", "low": 90, "high": 700}}])
def test_the_page_is_harmless_and_fetches_nothing(declared, traces):
    document = build(declared, traces, service=EVIL, environment=EVIL)
    text = html.render(document, "x")
    page = Page(text)
    for tag, attributes in page.tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "form")
        assert tag != "script" or attributes["type"] == "application/json"
        assert not any(name == "style" or name.startswith("on") for name in attributes)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    assert f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}" in text
    embedded = re.search(r'<script type="application/json" id="report">(.*?)</script>', text, re.DOTALL)[1]
    assert json.loads(embedded) == document
    assert html.render(document, "x") == text


def test_the_page_says_the_verdict_and_where_each_number_is_from():
    good, bad = (html.render(build(declared, {}), "x") for declared in (FAST, SLOW))
    assert "More capacity is in service 105 s after an overload, within the 120 s" in good
    assert "Refused" not in good
    assert "420 s after an overload, above the 120 s" in bad
    assert "<b>Refused</b>" in bad
    assert 'href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health' in good


@pytest.mark.parametrize("canvas", [figures.WIDE, figures.NARROW])
def test_the_drawings_are_to_scale(canvas):
    document = build(SLOW, {"A sale": SPIKE})
    drawn = figures.reaction(document["reaction"], canvas)
    room = canvas.width - canvas.right - canvas.left
    widths = {lane["name"]: lane["width"] for lane in drawn["lanes"]}
    assert widths["datapoints"] == pytest.approx(room * 180 / 420, abs=0.2)
    assert drawn["limit"] == pytest.approx(canvas.left + room * 120 / 420, abs=0.2)
    assert [lane["name"] for lane in drawn["lanes"] if not lane["late"]] == ["first period"]
    chart = figures.run(document["traces"][0], canvas)
    assert sum(bar["width"] for bar in chart["above"]) == pytest.approx(room * 180 / 3600, abs=16)
    assert chart["label"].startswith("A sale: the load is above the target for 3 min 00 s of 1 h 00 min")


def test_the_action_writes_once(tmp_path):
    result = run(directory=str(tmp_path), service="shop", environment="staging", traces={"A sale": SPIKE})
    assert (result["changed"], result["within"], result["seconds"]) == (True, True, 105)
    assert result["json"] == str(tmp_path / "shop-staging.json")
    assert json.loads((tmp_path / "shop-staging.json").read_text(encoding="utf-8"))["traces"][0]["name"] == "A sale"
    assert result["simulated"][0]["above_target"] == 85
    again = run(directory=str(tmp_path), service="shop", environment="staging", traces={"A sale": SPIKE})
    assert again["changed"] is False


def test_above_the_limit_it_fails_and_the_report_is_there(tmp_path):
    result = run(directory=str(tmp_path), scaling=SLOW)
    assert result["failed"] is True
    assert "found 420 s at worst" in result["msg"]
    assert (tmp_path / "service.html").is_file()
    assert "failed" not in run(directory=str(tmp_path), scaling=SLOW, refuse=False)


def test_check_mode_fails_as_well_and_writes_nothing(tmp_path):
    result = run(check_mode=True, directory=str(tmp_path / "reports"), scaling=SLOW)
    assert result["failed"] is True
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize(
    ("args", "told"),
    [
        ({"scaling": {"target": 1}}, r"service_scaling\.policy: expected"),
        ({"traces": {"Odd": {"type": "step"}}}, r"traces\.Odd: trace\.low"),
    ],
)
def test_a_wrong_declaration_is_told(args, told):
    with pytest.raises(AnsibleActionFail, match=told):
        run(**args)


def test_a_directory_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(AnsibleActionFail, match="Set 'directory' to one"):
        run(directory=str(tmp_path / "file"))
