// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.spec.reading.ConfigReader;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourcesTest {
    @Test
    void zeroIsAnAbsentLimit() {
        Resources resources = read("1.3.0", """
                {"memory": {"limit": 0, "reservation": 0, "swap": 0}, "cpu": {"shares": 0, "quota": 0, "period": 0},
                 "blockIO": {"weight": 0}}""");

        assertEquals(Resources.NONE, resources);
    }

    /** What the limit 0 of pids means was changed by version 1.3 of the specification. */
    @ParameterizedTest
    @CsvSource({"1.0.0, 0,", "1.0.2-dev, 0,", "1.2.1, 0,", "1.3.0, 0, 0", "1.10.0, 0, 0", "1.0.0, -1, -1", "1.0.0, 5, 5"
    })
    void zeroPidsAreNoLimitBefore13(String version, long limit, Long expected) {
        assertEquals(
                expected == null ? OptionalLong.empty() : OptionalLong.of(expected),
                read(version, "{\"pids\": {\"limit\": " + limit + "}}").pidsLimit());
    }

    private static Resources read(String version, String resources) {
        String document = "{\"ociVersion\": \"%s\", \"linux\": {\"resources\": %s}}".formatted(version, resources);
        return ConfigReader.read(document.getBytes(UTF_8)).value().orElseThrow().resources();
    }
}
