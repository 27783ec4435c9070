// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.captured;

import dev.jrun.cli.testing.host.Programs;
import dev.jrun.spec.fixtures.CapturedDocument;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;

/**
 * The same as {@link CapturedConfigsIT} of containers that are to be units, in the machine that has systemd as init.
 */
class CapturedConfigsUnderSystemdIT extends CapturedConfigsIT {

    @BeforeAll
    static void needSystemd() {
        Programs.skipUnless(Files.isDirectory(Path.of("/run/systemd/system")), "systemd is not init here");
    }

    static List<CapturedDocument> configurations() {
        return CapturedDocument.configurations().stream()
                .filter(CapturedDocument::isForSystemd)
                .toList();
    }

    /** Podman says with which signal systemd is to end a unit, by an annotation that an image could have as well. */
    @Override
    String unexpected(String errors) {
        return errors.replaceAll("jrun: warning: config.json#/annotations/org.systemd.property.KillSignal: .*\n", "");
    }

    @Override
    List<String> options() {
        return List.of("--systemd-cgroup");
    }
}
