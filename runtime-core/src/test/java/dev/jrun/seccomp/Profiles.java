// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.jrun.spec.Config;
import dev.jrun.spec.Seccomp;
import dev.jrun.spec.fixtures.CapturedDocument;
import dev.jrun.spec.reading.ConfigReader;
import dev.jrun.spec.reading.Reading;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Profiles that real clients wrote into configurations. */
final class Profiles {
    static final List<String> CAPTURED = List.of(
            "docker-20.10-bridge",
            "docker-20.10-readonly-nonroot-nocaps",
            "podman-4.3-run",
            "podman-4.3-userns",
            "containerd-1.6-memory-seccomp");

    /** What Podman makes its profiles of: Debian's package golang-github-containers-common. */
    private static final Path CONTAINERS_COMMON = Path.of("/usr/share/containers/seccomp.json");

    private Profiles() {}

    /** All rules of containers-common at once, whatever they are bound to; skips the test if it is not installed. */
    static Seccomp containersCommon(List<Seccomp.Arch> architectures) throws IOException {
        assumeTrue(Files.isReadable(CONTAINERS_COMMON), CONTAINERS_COMMON + " is not installed");
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode profile = (ObjectNode) mapper.readTree(CONTAINERS_COMMON.toFile());
        profile.remove(List.of("archMap", "defaultErrno"));
        ArrayNode arches = profile.putArray("architectures");
        architectures.forEach(arch -> arches.add(arch.name()));
        for (JsonNode rule : profile.get("syscalls")) {
            ((ObjectNode) rule).remove(List.of("includes", "excludes", "comment", "errno"));
        }
        ObjectNode config = mapper.createObjectNode().put("ociVersion", "1.0.2");
        config.putObject("linux").set("seccomp", profile);
        return profile(mapper.writeValueAsBytes(config));
    }

    static Seccomp captured(String name) {
        return profile(new CapturedDocument(name).text().getBytes(StandardCharsets.UTF_8));
    }

    private static Seccomp profile(byte[] config) {
        Reading<Config> reading = ConfigReader.read(config);
        return reading.value()
                .orElseThrow(() -> new AssertionError(reading.problems()))
                .linux()
                .seccomp()
                .orElseThrow();
    }
}
