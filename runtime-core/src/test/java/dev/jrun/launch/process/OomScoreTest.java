// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.launch.LaunchedConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class OomScoreTest {

    @Test
    void isInheritedFromTheShimWhichHasItsOwnAgainAfterwards() {
        var config = LaunchedConfig.byDefault().with("/process/oomScoreAdj", "-1000");
        assertEquals(
                List.of(
                        "oom_score_adj = openat(AT_FDCWD, \"/proc/self/oom_score_adj\", O_RDWR|O_CLOEXEC)",
                        "length = read(oom_score_adj, [buffer], size=8)",
                        "write(oom_score_adj, \"-1000\", size=5)",
                        "write(oom_score_adj, [buffer], length)",
                        "close(oom_score_adj)"),
                config.lines("/process/oomScoreAdj"));
        int birth = config.indexOf("start init in its namespaces");
        assertTrue(config.indexOf("set oom_score_adj to -1000") < birth);
        assertTrue(birth < config.indexOf("go back to the caller's oom_score_adj"));
        assertTrue(config.indexOf("go back to the caller's oom_score_adj")
                < config.create().initStart());
    }

    @Test
    void zeroIsNotAbsent() {
        assertEquals(
                5,
                LaunchedConfig.byDefault()
                        .with("/process/oomScoreAdj", "0")
                        .lines("/process/oomScoreAdj")
                        .size());
        assertEquals(List.of(), LaunchedConfig.byDefault().lines("/process/oomScoreAdj"));
    }
}
