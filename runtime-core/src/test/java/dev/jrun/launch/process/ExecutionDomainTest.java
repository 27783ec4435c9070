// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.launch.LaunchedConfig;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutionDomainTest {

    @ParameterizedTest
    @CsvSource({"LINUX, PER_LINUX", "LINUX32, PER_LINUX32"})
    void isThatOfThePersonality(String domain, String persona) {
        var config = LaunchedConfig.byDefault().with("/linux/personality", "{\"domain\": \"" + domain + "\"}");
        assertEquals(List.of("personality(" + persona + ")"), config.lines("/linux/personality"));
    }
}
