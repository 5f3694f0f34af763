# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Names for what one does here. Nothing but calls: the logic is in tools/ and in the playbooks.

PLAYBOOK := .venv/bin/ansible-playbook
# ENV=aws-emulated: behind an emulated AWS load balancer (deploy, provision, rollback, status), which needs what the
# tests need. The emulator takes any keys; these are those of AWS's own examples.
ENV ?= lab
export ENV
INVENTORY ?= inventories/$(ENV)
VENV := venv
ifeq ($(ENV),aws-emulated)
VENV := venv-dev
export AWS_ACCESS_KEY_ID := AKIAIOSFODNN7EXAMPLE
export AWS_SECRET_ACCESS_KEY := wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
endif

.DEFAULT_GOAL := help
.PHONY: help venv venv-dev deploy provision rollback status lab lab-down \
	test lint sanity unit aws packaging molecule labs integration test-debian12 test-ubuntu2404 bench bench-judge bench-canary bench-aws long soak clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z0-9 -]+:.*## / {n = split($$1, name, " "); for (i = 1; i <= n; i++) printf "  make %-15s %s\n", name[i], $$2}' Makefile

deploy: $(VENV) ## Lab up, provisioned, and the next release taken live under traffic (RELEASE=2.0.0, ENV=aws-emulated)
	@.venv/bin/python tools/demo.py $(RELEASE)

provision: $(VENV) ## The load balancers and hosts, as declared; a second run changes nothing
	@.venv/bin/python tools/demo.py --up
	@$(PLAYBOOK) -i $(INVENTORY) playbooks/provision.yml

rollback: $(VENV) ## Back to the release before (INVENTORY=inventories/production for your own servers)
	@$(PLAYBOOK) -i $(INVENTORY) playbooks/rollback.yml

status: $(VENV) ## What is live, what is idle, who holds the lease
	@$(PLAYBOOK) -i $(INVENTORY) playbooks/status.yml

lab: venv ## Start the lab's containers (inventories/lab is its topology)
	@.venv/bin/python tools/lab.py up

lab-down: venv ## Remove them again, and end an emulated AWS
	@.venv/bin/python tools/demo.py --down

test: venv-dev ## Every check, the quick ones first; fails at the end if any did
	@.venv/bin/python tools/check.py all

lint sanity unit aws packaging molecule labs integration: venv-dev ## One part of `make test` alone
	@.venv/bin/python tools/check.py $@

test-debian12 test-ubuntu2404: venv-dev ## The roles and a release on hosts of another system (not in `make test`)
	@.venv/bin/python tools/check.py $@

bench: venv ## Time what an operator waits for: second runs, deploy, rollback
	@.venv/bin/python tools/bench.py

bench-judge: venv-dev ## The canary judge in simulated rollouts, beside the rules of others (PART=0.05 is a quick look)
	@.venv/bin/python tools/bench_judge.py --part $(or $(PART),1)

bench-canary: venv-dev ## Real canaries in a lab, RUNS of each kind (default 3; 20 for the figures): well, failing, slower
	@.venv/bin/python tools/bench_canary.py $(or $(RUNS),3)

bench-aws: venv-dev ## A whole stack on the emulated AWS, beside the same by one task for each resource (RUNS, default 3)
	@.venv/bin/python tools/bench_aws.py $(or $(RUNS),3)

long: venv-dev ## The tests that are too long for make test: every way for a controller to die, more hosts that do
	@.venv/bin/python tools/check.py $@

soak: venv-dev ## Deploy back and forth under traffic ROUNDS times (default 100) and count what users saw
	@.venv/bin/python tools/soak.py $(ROUNDS)

clean: ## Remove what the targets made here: .venv, .cache, reports, builds
	@tools/clean.sh

venv:
	@tools/venv.sh

venv-dev:
	@tools/venv.sh dev
