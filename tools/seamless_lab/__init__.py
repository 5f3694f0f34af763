# Copyright: (c) 2026, the seamless.delivery contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The embedded lab: one container with systemd for each host of an inventory.

Layers, an import only ever points down::

    cli                      words of the command line
    faults                   power loss, shutdown, network cut
    hosts                    the containers of one lab: up, down, status
    container                one container: how it is run, when it has booted
    image                    what the hosts are made of: packages on top of
    base                     a Debian or an Ubuntu
    network  cgroup  limits  a bridge, a fair share of the processor, room in the kernel
    engine                   a docker that answers: found, started or installed
    dockerd  packages        its daemon, its packages
    topology                 the inventory, read as plain data
    docker  state            the docker client, this user's state folder
    console  errors          what a person reads
"""
