// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** A little of what {@code scripts/fuzz} does for longer, always the same. */
class LaunchFuzzTest {
    @Test
    void everyChangedConfigurationWithoutProblemsCanBeLaunched() {
        Random random = new Random(25);
        for (int round = 0; round < 500; round++) {
            byte[] input = new byte[1 + 4 * (1 + round % 3)];
            random.nextBytes(input);
            LaunchFuzz.fuzzerTestOneInput(input);
        }
    }
}
