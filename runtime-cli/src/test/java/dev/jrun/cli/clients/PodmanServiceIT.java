// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients;

import java.nio.file.Path;

/** The version of this release. */
class PodmanServiceIT extends PodmanServiceTests {

    @Override
    Machine open(Path scratch) {
        return ThisHost.with("podman", "runc", "tar");
    }
}
