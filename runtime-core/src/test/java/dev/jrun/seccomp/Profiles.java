// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import dev.jrun.spec.ConfigReader;
import dev.jrun.spec.Seccomp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Profiles that real clients wrote into configurations. */
final class Profiles {
    static final List<String> CAPTURED = List.of(
            "docker-20.10-bridge",
            "docker-20.10-readonly-nonroot-nocaps",
            "podman-4.3-run",
            "podman-4.3-userns",
            "containerd-1.6-memory-seccomp");

    private Profiles() {}

    static Seccomp captured(String name) {
        try (var stream = Profiles.class.getResourceAsStream("/fixtures/captured/" + name + ".json")) {
            return ConfigReader.read(stream.readAllBytes())
                    .value()
                    .orElseThrow()
                    .linux()
                    .seccomp()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
