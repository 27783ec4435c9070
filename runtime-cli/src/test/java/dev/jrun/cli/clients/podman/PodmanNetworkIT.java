// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.podman;

import dev.jrun.cli.clients.DebianMachine;
import dev.jrun.cli.clients.Machine;
import dev.jrun.cli.testing.host.Programs;
import java.nio.file.Files;
import java.nio.file.Path;

/** The version of this release. */
class PodmanNetworkIT extends PodmanNetworkTests {

    @Override
    Machine open(Path scratch) {
        Programs.skipUnless(
                Files.exists(Path.of("/usr/lib/cni/bridge")) || Files.exists(Path.of("/usr/lib/podman/netavark")),
                "neither CNI's plugins nor netavark are installed");
        return DebianMachine.likeThisHost(scratch, "podman", "runc", "tar", "iptables");
    }
}
