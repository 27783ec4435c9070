// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.EmbeddedCall;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.embedded.ChangedSession;
import dev.jrun.cli.testing.embedded.TestHost;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.program.Program;
import dev.jrun.program.Session;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who gets the signals that are sent to all processes of a container, when processes come and go meanwhile. */
class SignalsIT {

    private static final String ID = "signalled";

    @TempDir
    static Path scratch;

    private static TestHost host;
    private static Path root;
    private static EmbeddedCall jrun;

    @BeforeAll
    static void claimHost() throws IOException {
        host = TestHost.claim(scratch);
        root = scratch.resolve("state");
        jrun = new EmbeddedCall(scratch);
    }

    @AfterAll
    static void giveHostBack() throws IOException {
        if (host != null) {
            host.close();
        }
    }

    /** It stands for one that has got the pid of one that has ended since the container's processes were listed. */
    @Test
    void whoIsNotInTheContainerAnyMoreGetsNone() throws IOException {
        Bundle bundle = Bundle.bare(scratch.resolve("bundle"))
                .inCgroup(host.cgroupsPath(ID))
                .runs("sh", "-c", "sleep 1000 & sleep 1001 & wait");
        succeed("run", "--detach", "--bundle", bundle.path(), ID);
        Eventually.isEqual("sleepers", 2, () -> sleepers().size());
        long leaver = sleepers().getFirst();
        long other = sleepers().getLast();

        EmbeddedCall.Result kill =
                jrun.make(global("kill", "--all", ID, "USR1"), (shim, session) -> new LeavingSession(session, leaver));

        assertEquals(0, kill.code(), kill::output);
        Eventually.isTrue("one has the signal", () -> !isAlive(other));
        assertTrue(isAlive(leaver));
        succeed("kill", ID, "KILL");
        Eventually.isTrue("all have ended", () -> !isAlive(leaver));
        succeed("delete", ID);
        assertEquals(Set.of(), host.lastingLeftovers(root));
    }

    /** A process leaves its cgroups when the shim is told to send it a signal. */
    private static final class LeavingSession extends ChangedSession {
        private final long pid;

        LeavingSession(Session session, long pid) {
            super(session);
            this.pid = pid;
        }

        @Override
        protected Program changed(Program program) {
            if (program.sources().stream().anyMatch(source -> source.intent().endsWith(" to process " + pid))) {
                leave();
            }
            return program;
        }

        private void leave() {
            try {
                for (Path hierarchy : host.hierarchies()) {
                    Files.writeString(hierarchy.resolve("cgroup.procs"), Long.toString(pid));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static List<Long> sleepers() {
        Path cgroup = host.hierarchies().getFirst().resolve(host.cgroupsPath(ID).substring(1));
        try {
            return Files.readAllLines(cgroup.resolve("cgroup.procs")).stream()
                    .map(Long::valueOf)
                    .filter(SignalsIT::sleeps)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean sleeps(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline")).startsWith("sleep");
        } catch (IOException ended) {
            return false;
        }
    }

    /** A zombie is not: its init need not wait for it. */
    private static boolean isAlive(long pid) {
        try {
            return !Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
        } catch (IOException ended) {
            return false;
        }
    }

    private static void succeed(String... words) throws IOException {
        EmbeddedCall.Result result = jrun.make(global(words));
        assertEquals(0, result.code(), result::output);
    }

    private static List<String> global(String... words) {
        List<String> all = new ArrayList<>(List.of("--root", root.toString()));
        all.addAll(List.of(words));
        return all;
    }
}
