// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.launch.LaunchedConfig;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code process.apparmorProfile} and {@code process.selinuxLabel}, and the way by which they are written. */
class SecurityLabelsTest {

    /** What is opened and written, without the mounting of the procfs. */
    private static List<String> written(List<String> lines) {
        return lines.stream()
                .filter(line -> line.contains("openat2(") || line.startsWith("write("))
                .map(line -> line.replaceAll(", \\{flags=.*resolve=(.*)}, size=24\\)  retrying.*", ": $1"))
                .toList();
    }

    private static List<String> expected(String file, String text) {
        return List.of(
                "self = openat2(procfs, \"self\": RESOLVE_NO_XDEV|RESOLVE_NO_MAGICLINKS|RESOLVE_BENEATH",
                "attribute = openat2(self, \"" + file + "\": RESOLVE_NO_XDEV|RESOLVE_NO_SYMLINKS|RESOLVE_BENEATH",
                "write(attribute, \"" + text + "\", size="
                        + text.replace("\\n", "n").length() + ")");
    }

    @Test
    void aProfileIsForTheNextProgram() {
        var config = LaunchedConfig.byDefault().with("/process/apparmorProfile", "\"containers-default\"");
        assertEquals(
                expected("attr/apparmor/exec", "exec containers-default"),
                written(config.lines("/process/apparmorProfile")));
    }

    @Test
    void aContextIsForTheNextProgramAndTheKeyring() {
        var config = LaunchedConfig.byDefault().with("/process/selinuxLabel", "\"u:r:t:s0\"");
        assertEquals(
                expected("attr/keycreate", "u:r:t:s0"), written(config.intent("label the session keyring u:r:t:s0")));
        assertEquals(expected("attr/keycreate", "\\n"), written(config.intent("label only the session keyring")));
        assertEquals(expected("attr/exec", "u:r:t:s0"), written(config.intent("let the executable run as u:r:t:s0")));
        int keyring = config.indexOf("join a new session keyring (--no-new-keyring avoids it)");
        assertTrue(config.indexOf("label the session keyring u:r:t:s0") < keyring);
        assertTrue(keyring < config.indexOf("label only the session keyring"));
    }

    @Test
    void theyAreWrittenBeforeTheRootIsTheContainers() {
        var config = LaunchedConfig.byDefault()
                .with("/process/apparmorProfile", "\"p\"")
                .with("/process/selinuxLabel", "\"c\"");
        int root = config.indexOf("make the root file system the root of the container");
        assertTrue(config.indexOf("confine the executable by the AppArmor profile \"p\"") < root);
        assertTrue(config.indexOf("let the executable run as c") < root);
    }

    @Test
    void theDefaultHasNone() {
        assertEquals(List.of(), LaunchedConfig.byDefault().lines("/process/apparmorProfile"));
        assertEquals(List.of(), LaunchedConfig.byDefault().lines("/process/selinuxLabel"));
    }
}
