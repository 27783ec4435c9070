// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** A little of what {@code scripts/fuzz} does for longer, always the same. */
class LaunchFuzzTest {
    @Test
    void everyChangedConfigurationWithoutProblemsCanBeLaunched() {
        Random random = new Random(25);
        for (int round = 0; round < 300; round++) {
            byte[] changes = new byte[4 * (1 + round % 3)];
            random.nextBytes(changes);
            LaunchFuzz.fuzzerTestOneInput(changes);
        }
    }
}
