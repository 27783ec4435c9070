// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients;

import java.nio.file.Path;

/** The version of this release. */
class PodmanPodIT extends PodmanPodTests {

    @Override
    Machine open(Path scratch) {
        return ThisHost.with("podman", "runc", "tar", "catatonit");
    }
}
