// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Engines in a mount namespace that systemd has made for a unit, where that is init: in the machine that
 * {@code scripts/test-in-vm --systemd} boots.
 */
class EngineUnderSystemdIT extends RealContainers {

    private static final String JRUN =
            Path.of(System.getProperty("jrun.home")).resolve("bin/jrun").toString();

    private static final String TWO_CALLS = "for n in 1 2; do " + JRUN + " list > /dev/null; " + JRUN
            + " engine status | head -n 1; done; readlink /proc/self/ns/mnt; ";

    private String unit;

    @BeforeEach
    void needSystemd() {
        Programs.skipUnless(Files.isDirectory(Path.of("/run/systemd/system")), "systemd is not init here");
        Programs.need("systemctl", "systemd-run");
        unit = sandbox.newId() + ".service";
    }

    @AfterEach
    void stop() {
        if (unit != null) {
            systemctl("stop", unit);
            systemctl("reset-failed", unit);
        }
    }

    private static Execution systemctl(String... words) {
        List<String> command = new ArrayList<>(List.of("systemctl", "--no-pager"));
        command.addAll(List.of(words));
        return Execution.of(new ProcessBuilder(command));
    }

    private void start(String killMode, String script) {
        Programs.run(
                        "systemd-run",
                        "--unit=" + unit,
                        "--property=PrivateTmp=yes",
                        "--property=KillMode=" + killMode,
                        "--property=StandardOutput=file:" + directory.resolve("output"),
                        "sh",
                        "-c",
                        script)
                .succeeds();
    }

    private List<String> output() {
        try {
            return Files.exists(directory.resolve("output"))
                    ? Files.readAllLines(directory.resolve("output"))
                    : List.of();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isIn(ProcessHandle process, String namespace) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/ns/mnt"))
                    .toString()
                    .equals(namespace);
        } catch (IOException e) {
            return false; // it has ended
        }
    }

    private void assertNothingIsLeftOf(String namespace) {
        Eventually.isTrue("nobody is in " + namespace, () -> {
            try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
                return processes.noneMatch(process -> isIn(process, namespace));
            }
        });
        Eventually.isEqual(
                "state of the unit",
                "inactive",
                () -> systemctl("show", "--property=ActiveState", "--value", unit)
                        .output()
                        .strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"control-group", "mixed", "process"})
    void keepsNoUnitFromBeingStopped(String killMode) {
        start(killMode, TWO_CALLS + "exec sleep 1000");
        Eventually.isEqual("lines", 3, () -> output().size());
        List<String> lines = output();
        assertTrue(lines.getFirst().startsWith("running, pid "), lines::toString);
        assertEquals(lines.getFirst(), lines.get(1));

        systemctl("stop", unit).succeeds();
        assertNothingIsLeftOf(lines.getLast());
    }

    @ParameterizedTest
    @ValueSource(strings = {"control-group", "process"})
    void keepsNoUnitFromEnding(String killMode) {
        start(killMode, TWO_CALLS);
        Eventually.isEqual("lines", 3, () -> output().size());
        List<String> lines = output();
        assertTrue(lines.getFirst().startsWith("running, pid "), lines::toString);
        assertEquals(lines.getFirst(), lines.get(1));

        assertNothingIsLeftOf(lines.getLast());
    }
}
