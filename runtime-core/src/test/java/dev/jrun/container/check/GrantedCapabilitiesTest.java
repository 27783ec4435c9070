// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.jrun.kernel.Capability;
import dev.jrun.spec.Capabilities;
import dev.jrun.spec.Config;
import dev.jrun.spec.Problem;
import dev.jrun.spec.reading.ConfigReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GrantedCapabilitiesTest {

    private static final long KILL_AND_CHOWN = Capability.mask(Set.of(Capability.CAP_KILL, Capability.CAP_CHOWN));

    private final List<Problem> warnings = new ArrayList<>();

    private static Config config(String process, String namespaces) {
        String text = """
                {"ociVersion": "1.3.0", "process": {"cwd": "/", %s},
                 "linux": {"namespaces": [%s]}}""".formatted(process, namespaces);
        return ConfigReader.read(text.getBytes(StandardCharsets.UTF_8)).value().orElseThrow();
    }

    private Config limit(Config config) {
        return new GrantedCapabilities(KILL_AND_CHOWN, warnings).limit(config);
    }

    @Test
    void whatTheCallerLacksIsLeftOutWithAWarning() {
        Config config = config("""
                "capabilities": {"bounding": ["CAP_SYS_ADMIN", "CAP_KILL"], "permitted": ["CAP_KILL", "CAP_SYS_ADMIN"]}""", "");

        Capabilities granted =
                limit(config).process().orElseThrow().capabilities().orElseThrow();

        assertEquals(Optional.of(List.of("CAP_KILL")), granted.bounding());
        assertEquals(Optional.of(List.of("CAP_KILL")), granted.permitted());
        assertEquals(Optional.empty(), granted.ambient());
        assertEquals(
                List.of(
                        "config.json#/process/capabilities/bounding/0: found \"CAP_SYS_ADMIN\"; left out: the caller does"
                                + " not have it",
                        "config.json#/process/capabilities/permitted/1: found \"CAP_SYS_ADMIN\"; left out: the caller does"
                                + " not have it"),
                warnings.stream().map(warning -> warning.in("config.json")).toList());
    }

    @Test
    void whatTheCallerHasIsGranted() {
        Config config = config("\"capabilities\": {\"effective\": [\"CAP_KILL\", \"CAP_OF_TOMORROW\"]}", "");
        assertSame(config, limit(config));
        assertEquals(List.of(), warnings);
    }

    @Test
    void inAUserNamespaceThereAreAll() {
        Config config = config(
                "\"capabilities\": {\"effective\": [\"CAP_SYS_ADMIN\"]}", "{\"type\": \"user\", \"path\": \"/x\"}");
        assertSame(config, limit(config));
        assertEquals(List.of(), warnings);
    }
}
