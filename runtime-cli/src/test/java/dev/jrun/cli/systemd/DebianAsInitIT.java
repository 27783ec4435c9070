// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.systemd;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.host.DebianRoot;
import dev.jrun.cli.testing.host.Programs;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;

/** A system container: Debian from its init on, as its packages make it. */
class DebianAsInitIT extends SystemdAsInitIT {

    private Path root;

    @Override
    Bundle bundle() {
        Path debian = DebianRoot.of("bookworm", "systemd", "systemd-sysv");
        Bundle bundle = sandbox.bundle();
        root = bundle.rootfs();
        Programs.run("rm", "-r", root.toString());
        Programs.run("cp", "-a", "--reflink=auto", debian.toString(), root.toString());
        return withService(bundle);
    }

    /** JUnit would mention each of its links. */
    @AfterEach
    void removeRoot() {
        if (root != null) {
            Programs.run("rm", "-rf", "--one-file-system", root.toString());
        }
    }

    /** All of it is its own, so that nothing of it may fail. */
    @Override
    boolean isUp(String state) {
        return state.equals("running");
    }
}
