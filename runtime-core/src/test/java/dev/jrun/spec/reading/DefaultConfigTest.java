// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.spec.Config;
import dev.jrun.spec.Fixtures;
import dev.jrun.spec.reading.DefaultConfig.CgroupHierarchy;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares with what runc 1.1.5 wrote, on hosts of both kinds; it is of specification 1.0.2-dev, and asks for ambient
 * capabilities that later releases leave out.
 */
class DefaultConfigTest {
    @Test
    void isThatOfRuncOnALegacyHost() {
        assertEquals(recorded("root-legacy.json"), DefaultConfig.forRoot(CgroupHierarchy.LEGACY));
    }

    @Test
    void isThatOfRuncOnAUnifiedHost() {
        assertEquals(recorded("root-unified.json"), DefaultConfig.forRoot(CgroupHierarchy.UNIFIED));
    }

    @Test
    void isThatOfRuncForAUser() {
        assertEquals(
                recorded("rootless-legacy-uid-1234-gid-5678.json"),
                DefaultConfig.rootless(CgroupHierarchy.LEGACY, 1234, 5678));
        assertEquals(
                recorded("rootless-unified-uid-0-gid-0.json"), DefaultConfig.rootless(CgroupHierarchy.UNIFIED, 0, 0));
    }

    @ParameterizedTest
    @EnumSource
    void hasNoProblems(CgroupHierarchy cgroups) {
        for (String text : List.of(DefaultConfig.forRoot(cgroups), DefaultConfig.rootless(cgroups, 1000, 1000))) {
            Reading<Config> reading = ConfigReader.draftToRun(text.getBytes(StandardCharsets.UTF_8))
                    .reading();
            assertEquals(List.of(), reading.problems());
            assertEquals(List.of(), reading.warnings());
            assertTrue(reading.value().isPresent());
        }
    }

    private static String recorded(String name) {
        return Fixtures.text("runc-spec/" + name)
                .replace("\"ociVersion\": \"1.0.2-dev\"", "\"ociVersion\": \"1.3.0\"")
                .replaceFirst(",\\s*\"ambient\": \\[[^]]*\\]", "");
    }
}
