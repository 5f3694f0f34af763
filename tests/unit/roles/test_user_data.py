# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an instance on AWS does when it boots: run here for once, below a folder, with stand-ins for its tools."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

ROLE = Path(__file__).resolve().parents[3] / "roles/release"
ARTIFACT = b"print('a shop')\n"
SECRET = 'a "quoted" $HOME \\ `id`\nof two lines'
SERVICE = {
    "name": "shop",
    "pools": {"blue": {"port": 8000}, "green": {"port": 8001}},
    "runtime": {
        "type": "autoscaling_group",
        "stack": "shop",
        "region": "eu-central-1",
        "artifacts": "s3://shop-releases/app/",
        "command": "/usr/bin/python3 {artifact}",
        "user": "shop",
        "lookups": [
            {"name": "DATABASE_URL", "arn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/db"},
            {"name": "TOKEN", "arn": "arn:aws:ssm:eu-central-1:123456789012:parameter/shop/token"},
        ],
    },
}
DECLARED = {
    "version": "2.0.0",
    "artifact": "/srv/dist/app.py",
    "digest": f"sha256:{hashlib.sha256(ARTIFACT).hexdigest()}",
    "environment": {"GREETING": 'it\'s "$5"'},
    "id": "2.0.0-1a2b3c4d",
}
TOOLS = {
    "aws": 'case "$1" in s3) cp "$ARTIFACT" "$5" ;; *) printf "%s" "$SECRET" ;; esac; echo "$@" >> "$CALLS"',
    "systemctl": 'echo "systemctl $*" >> "$CALLS"',
    "useradd": 'echo "useradd $*" >> "$CALLS"',
    "id": "exit 1",
}


@pytest.fixture(name="script")
def _script(tmp_path):
    """The user data, with its folders moved below *tmp_path*."""
    variables = {
        name: value
        for file in ("defaults/main.yml", "vars/main.yml")
        for name, value in yaml.safe_load((ROLE / file).read_text(encoding="utf-8")).items()
    }
    variables = {
        name: trust_as_template(value) if isinstance(value, str) else value for name, value in variables.items()
    }
    variables["_release_variables"] = {
        name: trust_as_template(value) for name, value in variables["_release_variables"].items()
    }
    given = {"release_service": SERVICE, "release_declared": DECLARED, "release_color": "green", "ansible_managed": "x"}
    loader = DataLoader()
    loader.set_basedir(str(ROLE))
    templar = Templar(loader, variables={**variables, **given, "ansible_search_path": [str(ROLE)]})
    text = templar.template(trust_as_template("{{ lookup('ansible.builtin.template', 'user_data.sh.j2') }}"))
    return (
        str(text)
        .replace("=/opt/", f"={tmp_path}/opt/")
        .replace("=/etc/", f"={tmp_path}/etc/")
        .replace("> /etc/systemd", f"> {tmp_path}/etc/systemd")
    )


def boot(script, folder, artifact=ARTIFACT):
    (folder / "etc/systemd/system").mkdir(parents=True)
    (folder / "bin").mkdir()
    for name, text in TOOLS.items():
        (folder / "bin" / name).write_text(f"#!/bin/bash\n{text}\n", encoding="utf-8")
        (folder / "bin" / name).chmod(0o755)
    (folder / "artifact").write_bytes(artifact)
    environment = {
        "PATH": f"{folder}/bin:{os.environ['PATH']}",
        "ARTIFACT": str(folder / "artifact"),
        "CALLS": str(folder / "calls"),
        "SECRET": SECRET,
    }
    return subprocess.run(["bash"], input=script, env=environment, capture_output=True, text=True, check=False)


def test_an_instance_gets_the_release_and_runs_it(script, tmp_path):
    done = boot(script, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "opt/shop/green/current/app.py").read_bytes() == ARTIFACT
    etc = tmp_path / "etc/shop"
    assert (etc / "green.env").read_text() == (
        'COLOR="green"\nGREETING="it\'s \\"\\$5\\""\nHOST="0.0.0.0"\nPORT="8001"\nRELEASE_ID="2.0.0-1a2b3c4d"\n'
    )
    escaped = 'a \\"quoted\\" \\$HOME \\\\ \\`id\\`\nof two lines'
    assert (etc / "green.secrets").read_text() == f'DATABASE_URL="{escaped}"\nTOKEN="{escaped}"\n'
    assert [(etc / name).stat().st_mode & 0o777 for name in ("green.env", "green.secrets")] == [0o600, 0o600]
    unit = (tmp_path / "etc/systemd/system/shop-green.service").read_text()
    assert "ExecStart=/usr/bin/python3" in unit
    assert unit.endswith("WantedBy=multi-user.target\n")
    calls = (tmp_path / "calls").read_text().splitlines()
    key = f"app/{DECLARED['digest'].removeprefix('sha256:')}/app.py"
    assert calls[0].startswith(f"s3 cp --only-show-errors s3://shop-releases/{key} ")
    assert calls[1].startswith("useradd --system")
    assert calls[-1] == "systemctl enable --now shop-green.service"


def test_an_artifact_that_is_another_one_is_not_run(script, tmp_path):
    assert boot(script, tmp_path, b"evil").returncode != 0
    assert "systemctl" not in (tmp_path / "calls").read_text()
    assert not (tmp_path / "opt/shop/green/current").exists()


def test_a_secret_that_cannot_be_had_is_not_left_out(script, tmp_path):
    done = boot(script.replace("aws ssm", "false"), tmp_path)
    assert done.returncode != 0
    assert "systemctl" not in (tmp_path / "calls").read_text()


def test_user_data_has_no_secret_and_fits(script):
    assert len(script.encode()) < 16384 / 2
    assert "secretsmanager get-secret-value" in script
