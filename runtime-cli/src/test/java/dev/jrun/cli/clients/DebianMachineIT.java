// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.host.Execution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebianMachineIT {

    @TempDir
    Path scratch;

    @Test
    void itHasProgramsAndProcessesOfItsOwnAndSharesTheScratchDirectory() throws IOException {
        ProcessHandle left;
        try (Machine machine = DebianMachine.sid(scratch)) {
            Path shared = Files.writeString(scratch.resolve("shared"), "here\n");
            assertTrue(run(machine, "podman", "--version").startsWith("podman version 5."));
            assertEquals("here\n", run(machine, "cat", shared.toString()));
            assertTrue(run(machine, Machine.JRUN.toString(), "--version").startsWith("jrun version "));
            assertTrue(run(machine, "cat", "/proc/1/cmdline").startsWith("sh\0"));
            left = machine.command("sleep", "1000").start().toHandle();
            run(machine, "sh", "-c", "echo gone > /etc/written; (sleep 1000 &)");
        }
        left.onExit().join();
        try (Machine machine = DebianMachine.sid(scratch)) {
            assertFalse(run(machine, "ls", "/etc").contains("written"));
            assertFalse(run(machine, "ps", "ax").contains("sleep"));
        }
    }

    private static String run(Machine machine, String... words) {
        return Execution.of(machine.command(words)).succeeds().output();
    }
}
