// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class StandardStreamsTest {

    @Test
    void belongToTheContainersUser() {
        var config = LaunchedConfig.byDefault().with("/process/user/uid", "1000");
        for (int descriptor = 0; descriptor < 3; descriptor++) {
            assertEquals(
                    List.of(
                            "statx(" + descriptor + ", \"\", AT_EMPTY_PATH, STATX_BASIC_STATS, [buffer])"
                                    + "  on EBADF go to next stream",
                            "major = u32 at [buffer+128]",
                            "minor = u32 at [buffer+132]",
                            "if major == 1 go to next stream",
                            "fchown(" + descriptor + ", 1000, -1)  ignoring EROFS, EPERM, EINVAL"),
                    config.intent("give descriptor " + descriptor + " to user 1000"));
        }
        assertTrue(config.indexOf("give descriptor 2 to user 1000") < config.indexOf("become user 1000"));
    }

    @Test
    void areLeftAloneForRootWhoMayOpenThemAnyway() {
        assertEquals(
                List.of(),
                LaunchedConfig.byDefault().lines("/process/user/uid").stream()
                        .filter(line -> line.startsWith("fchown"))
                        .toList());
    }
}
