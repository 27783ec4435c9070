// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.launch.LaunchedConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamOwnershipTest {

    private static final String NAMESPACES = """
            [{"type": "mount"}, {"type": "pid"}, {"type": "network"}, {"type": "ipc"}, {"type": "uts"}, {"type": "cgroup"},
            """;

    @Test
    void belongToTheContainersUser() {
        var config = LaunchedConfig.byDefault().with("/process/user/uid", "1000");
        for (int descriptor = 0; descriptor < 3; descriptor++) {
            assertEquals(
                    List.of(
                            "statx(" + descriptor + ", \"\", AT_EMPTY_PATH, STATX_BASIC_STATS, [buffer])"
                                    + "  on EBADF go to next stream",
                            "type = u16 at [buffer+28]",
                            "type = type & S_IFMT",
                            "if type == S_IFIFO go to a pipe or a file",
                            "if type != S_IFREG go to next stream",
                            "access = fcntl(" + descriptor + ", F_GETFL)",
                            "access = access & 0x3",
                            "if access == 0 go to next stream",
                            "owner = u32 at [buffer+20]",
                            "if owner == 1000 go to next stream",
                            "fchown(" + descriptor + ", 1000, -1)  ignoring EROFS, EPERM, EINVAL"),
                    config.intent("give descriptor " + descriptor + " to user 1000"));
        }
        assertTrue(config.indexOf("give descriptor 2 to user 1000")
                < config.create().initStart());
    }

    @Test
    void belongToRootToo() {
        assertEquals(List.of("fchown(1, 0, -1)"), given(LaunchedConfig.byDefault(), 0));
    }

    @Test
    void areGivenByTheShimToWhomTheUserNamespaceMapsAndByInitForACallerWhoMayNot() {
        String mapping = "[{\"containerID\": 0, \"hostID\": 100000, \"size\": 65536}]";
        var config = LaunchedConfig.byDefault()
                .with("/process/user/uid", "1000")
                .with("/linux/namespaces", NAMESPACES + "{\"type\": \"user\"}]")
                .with("/linux/uidMappings", mapping)
                .with("/linux/gidMappings", mapping);

        assertEquals(List.of("fchown(1, 101000, -1)", "fchown(1, 1000, -1)"), given(config, 1000));
        assertFalse(config.create().underway().asksForHostUser());
    }

    @Test
    void areGivenToWhomTheEngineFindsInAUserNamespaceThatIsJoined() {
        var config = LaunchedConfig.byDefault()
                .with("/process/user/uid", "1000")
                .with("/linux/namespaces", NAMESPACES + "{\"type\": \"user\", \"path\": \"/proc/7/ns/user\"}]");

        assertEquals(List.of("fchown(1, host's id, -1)", "fchown(1, 1000, -1)"), given(config, 1000));
        assertTrue(config.create().underway().asksForHostUser());
        assertEquals(
                Long.BYTES, config.create().underway().hostUserPatch(101000).bytes().length);
    }

    private static List<String> given(LaunchedConfig config, long uid) {
        return config.intent("give descriptor 1 to user " + uid).stream()
                .filter(line -> line.startsWith("fchown"))
                .map(line -> line.substring(0, line.indexOf("  ")))
                .toList();
    }
}
