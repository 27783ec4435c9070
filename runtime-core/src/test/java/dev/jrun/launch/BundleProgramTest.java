// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.NewerCall;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.WakeupAffinity;
import dev.jrun.launch.terminal.CallerTerminals;
import dev.jrun.program.Program;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class BundleProgramTest {

    private static final Caller CALLER =
            new Caller("/opt/jrun", List.of("run", "c1"), List.of("A=b"), CallerTerminals.NONE);

    private static List<String> lines(Program program) {
        return LaunchedConfig.lines(program, source -> true);
    }

    private static Program sealing(int preserved) {
        return BundleProgram.readAndSeal(
                Machine.X86_64, BundlePath.of("b"), CALLER, preserved, KernelCalls.all(), WakeupAffinity.ANYWHERE);
    }

    @Test
    void readsTheBundleAsTheCallerWroteIt() {
        List<String> lines = lines(BundleProgram.read(Machine.X86_64, BundlePath.of("../b")));
        assertEquals("bundle = openat(AT_FDCWD, \"../b\", O_DIRECTORY|O_CLOEXEC|O_PATH)", lines.getFirst());
        assertTrue(lines.contains("place = openat(bundle, \"config.json\", O_CLOEXEC|O_PATH)"), lines::toString);
        assertTrue(
                lines.contains("config.json = openat(AT_FDCWD, \"/proc/self/fd/<place>\", O_RDONLY|O_CLOEXEC)"),
                lines::toString);
        assertTrue(lines.contains("tell BUNDLE: length bytes of [buffer], path length bytes of [buffer]"));
    }

    @Test
    void readsAnotherConfigurationAsTheCallerWroteIt() {
        Program program = BundleProgram.read(Machine.X86_64, new BundlePath("/b", "other.json"));
        assertTrue(lines(program).contains("place = openat(AT_FDCWD, \"other.json\", O_CLOEXEC|O_PATH)"));
        assertEquals(List.of("--config other.json: is a directory"), LaunchedConfig.failures(program, Errno.EISDIR));
    }

    @Test
    void aConfigurationThatIsNoFileIsRefused() {
        Program program = BundleProgram.read(Machine.X86_64, BundlePath.of("/b"));
        assertEquals(List.of("bundle /b: config.json: is a directory"), LaunchedConfig.failures(program, Errno.EISDIR));
        assertEquals(
                List.of(
                        "bundle /b: config.json, a FIFO, a socket or a device and not a regular file: invalid argument"),
                LaunchedConfig.failures(program, Errno.EINVAL));
    }

    @Test
    void changesNothingThatAnotherAttemptWouldFind() {
        assertTrue(BundleProgram.read(Machine.X86_64, BundlePath.of("b")).isRetryable());
        assertTrue(sealing(0).isRetryable());
        assertFalse(LaunchedConfig.byDefault().create().program().isRetryable());
    }

    @Test
    void theShimGoesOnAsTheSealedCopyWhereItStands() {
        List<String> lines = lines(sealing(2));
        int adopted = lines.indexOf("error = adopt(sealed copy)");
        assertTrue(lines.get(adopted - 1).contains("F_ADD_SEALS"), lines::toString);
        assertTrue(lines.get(adopted + 1).startsWith("if error != 0"), lines::toString);
        assertEquals(
                List.of(
                        "neighbour = session - 1",
                        "close_range(5, neighbour, 0)",
                        "neighbour = session + 1",
                        "close_range(neighbour, 0xffffffff, 0)",
                        "prctl(PR_SET_NAME, [buffer+68])",
                        "end of the program, as another executable"),
                lines.subList(adopted + 3, adopted + 9));
    }

    /** The program closes descriptors itself then. */
    @Test
    void itExecutesTheCopyWhereDescriptorsCannotBeClosedAllButOne() {
        EnumSet<NewerCall> older = EnumSet.allOf(NewerCall.class);
        older.remove(NewerCall.CLOSE_RANGE_CLOEXEC);
        Program program = BundleProgram.readAndSeal(
                Machine.X86_64, BundlePath.of("b"), CALLER, 0, new KernelCalls(older), WakeupAffinity.ANYWHERE);
        assertFalse(lines(program).contains("error = adopt(sealed copy)"));
    }

    @Test
    void everyDescriptorButTheSessionsIsClosedWhenTheSealedCopyIsExecuted() {
        List<String> lines = lines(sealing(0));
        assertTrue(lines.contains("close_range(3, 0xffffffff, CLOSE_RANGE_CLOEXEC)"));
        assertTrue(lines.contains("kept session = fcntl(session, F_DUPFD, 3)"));
        assertFalse(lines.stream().anyMatch(line -> line.contains("F_GETFD")));
    }

    @Test
    void descriptorsToPreserveAreMadeSureToBeThereAndKept() {
        List<String> lines = lines(sealing(2));
        assertTrue(lines.contains("flags = fcntl(3, F_GETFD, 0)"));
        assertTrue(lines.contains("flags = fcntl(4, F_GETFD, 0)"));
        assertTrue(lines.contains("close_range(5, 0xffffffff, CLOSE_RANGE_CLOEXEC)"));
        assertTrue(sealing(2).sources().stream()
                .anyMatch(source -> source.toString().equals("--preserve-fds: descriptor 4")));
    }

    @Test
    void theCopyCannotBeWrittenAndGoesOnWithTheCallersArguments() {
        List<String> lines = lines(sealing(0));
        assertTrue(
                lines.contains("fcntl(sealed copy, F_ADD_SEALS, F_SEAL_SEAL|F_SEAL_SHRINK|F_SEAL_GROW|F_SEAL_WRITE)"));
        assertTrue(lines.contains("execveat(sealed copy, \"\","
                + " [\"jrun-session\", \"<kept session>\", \"<engine>\", \"<ignored signals>\", \"/opt/jrun\", \"run\", \"c1\"], environment,"
                + " AT_EMPTY_PATH)"));
    }
}
