# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.seamless.delivery.plugins.plugin_utils.sources.exposition import Line, lines


def test_names_labels_and_values_are_read_and_comments_are_not():
    text = '# TYPE a counter\n\na{b="c",d="+Inf"} 12\na 1.5e-3\na{} NaN 1700000000000\n'
    assert list(lines(text)) == [
        Line("a", {"b": "c", "d": "+Inf"}, "12"),
        Line("a", {}, "1.5e-3"),
        Line("a", {}, "NaN"),
    ]


def test_what_is_escaped_in_a_label_is_its_text():
    (line,) = lines(r'a{b="say \"hi\", \\ and {}\n"} 1')
    assert line.labels == {"b": 'say "hi", \\ and {}\n'}


@pytest.mark.parametrize("text", ["<html>", "a", "a{b} 1", 'a{b="c} 1', "a one", 'a{b="c" d="e"} 1'])
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError):
        list(lines(text))
