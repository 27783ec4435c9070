// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.WaitStatus;
import dev.jrun.kernel.call.LinuxCalls.SocketPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxCallsTest {
    private static final int OWN_PID = (int) ProcessHandle.current().pid();
    private static final Path SHELL = Path.of("/bin/sh");

    @Test
    void errorsSayWhatFailedAndWhy() {
        LinuxException missing =
                assertThrows(LinuxException.class, () -> LinuxCalls.openDirectory(Path.of("/no/such/directory")));

        assertEquals("open /no/such/directory: no such file or directory", missing.getMessage());
        assertTrue(missing.is(Errno.ENOENT));
    }

    @Test
    void oneOfSeveralDescriptorsEndsAWait() throws IOException {
        SocketPair silent = LinuxCalls.socketpair();
        SocketPair closed = LinuxCalls.socketpair();
        LinuxCalls.close(closed.second());
        long start = System.nanoTime();
        LinuxCalls.awaitInput(new int[] {silent.first(), closed.first()}, Duration.ofDays(1));
        LinuxCalls.awaitInput(new int[] {silent.first()}, Duration.ofMillis(20));
        assertTrue(System.nanoTime() - start >= Duration.ofMillis(20).toNanos());
        for (int descriptor : List.of(silent.first(), silent.second(), closed.first())) {
            LinuxCalls.close(descriptor);
        }
    }

    @Test
    void anErrorThatHasNoNameIsItsNumber() {
        assertEquals("bpf: error 524", new LinuxException("bpf", 524).getMessage());
    }

    @Test
    void aFileIsNoDirectory() {
        assertTrue(assertThrows(LinuxException.class, () -> LinuxCalls.openDirectory(Path.of("/proc/self/stat")))
                .is(Errno.ENOTDIR));
    }

    @Test
    void usersAreThoseOfTheProcess() throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(text -> text.startsWith("Uid:"))
                .findFirst()
                .orElseThrow();

        assertEquals(
                List.of("Uid:", "" + LinuxCalls.uid(), "" + EffectiveUser.uid()),
                List.of(line.split("\t")).subList(0, 3));
    }

    @Test
    void fileSystemsAreTold() throws LinuxException {
        assertEquals(0x9fa0, LinuxCalls.fileSystemType(Path.of("/proc")));
    }

    @Test
    void aLockExcludesOthers(@TempDir Path directory) throws LinuxException {
        Path file = directory.resolve("lock");
        int first = LinuxCalls.open(file, OpenFlags.O_WRONLY | OpenFlags.O_CREAT, 0600);
        int second = LinuxCalls.open(file, OpenFlags.O_WRONLY, 0);
        try {
            assertTrue(LinuxCalls.tryLock(first));
            assertFalse(LinuxCalls.tryLock(second));
            LinuxCalls.close(LinuxCalls.open(file, OpenFlags.O_WRONLY, 0));
            assertFalse(LinuxCalls.tryLock(second));
        } finally {
            LinuxCalls.close(first);
        }
        try {
            assertTrue(LinuxCalls.tryLock(second));
        } finally {
            LinuxCalls.close(second);
        }
    }

    @Test
    void thePeerOfASocketIsKnown() throws IOException {
        SocketPair pair = LinuxCalls.socketpair();
        try {
            assertEquals(OWN_PID, LinuxCalls.peerCredentials(pair.first()).pid());
            assertEquals(
                    EffectiveUser.uid(),
                    LinuxCalls.peerCredentials(pair.first()).uid());
        } finally {
            LinuxCalls.close(pair.first());
            LinuxCalls.close(pair.second());
        }
    }

    @Test
    void thePeersPidfdIsThatProcess() throws IOException {
        SocketPair pair = LinuxCalls.socketpair();
        try {
            int pidfd = LinuxCalls.peerPidfd(pair.second());
            String info = Files.readString(Path.of("/proc/self/fdinfo/" + pidfd));
            LinuxCalls.close(pidfd);
            assertTrue(info.contains("Pid:\t" + OWN_PID + "\n"), info);
        } catch (LinuxException error) {
            assumeTrue(!error.is(Errno.ENOPROTOOPT), "this kernel has no SO_PEERPIDFD");
            throw error;
        } finally {
            LinuxCalls.close(pair.first());
            LinuxCalls.close(pair.second());
        }
    }

    @Test
    void eachProcessHasANumberOfItsOwn() throws IOException {
        int other = shell("read x", List.of());
        try {
            OptionalLong own = LinuxCalls.pidfdNumber(OWN_PID);
            assumeTrue(own.isPresent(), "this kernel has no pidfs (Linux 6.9)");
            assertEquals(own, LinuxCalls.pidfdNumber(OWN_PID));
            assertNotEquals(own, LinuxCalls.pidfdNumber(other));
        } finally {
            LinuxCalls.kill(other, 9);
            LinuxCalls.waitFor(other);
        }
        assertTrue(assertThrows(LinuxException.class, () -> LinuxCalls.pidfdNumber(other))
                .is(Errno.ESRCH));
    }

    @Test
    void whatTheKernelWritesIsReadDirectly() throws IOException {
        assertEquals(
                Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString(),
                LinuxCalls.readLink("/proc/self/ns/pid"));
        assertTrue(assertThrows(LinuxException.class, () -> LinuxCalls.readLink("/proc/self/ns/none"))
                .is(Errno.ENOENT));
        assertTrue(assertThrows(LinuxException.class, () -> LinuxCalls.read("/proc/self/none"))
                .getMessage()
                .startsWith("open /proc/self/none: "));
    }

    @Test
    void signalsReachAProcessByPidAndByPidfd() throws IOException {
        int first = shell("read x", List.of());
        LinuxCalls.kill(first, 9);
        assertEquals(new WaitStatus(9), LinuxCalls.waitFor(first));

        int second = shell("read x", List.of());
        int pidfd = LinuxCalls.pidfdOpen(second);
        LinuxCalls.pidfdSendSignal(pidfd, 15);
        LinuxCalls.close(pidfd);
        assertEquals(new WaitStatus(15), LinuxCalls.waitFor(second));
        assertTrue(assertThrows(LinuxException.class, () -> LinuxCalls.kill(second, 0))
                .is(Errno.ESRCH));
    }

    @Test
    void aSpawnedProgramHasTheGivenDescriptorsAndNoOthers(@TempDir Path directory) throws IOException {
        Path output = directory.resolve("output");
        int file = LinuxCalls.open(output, OpenFlags.O_RDWR | OpenFlags.O_CREAT, 0600);
        int pid = shell(
                "echo $GREETING /proc/self/fd/* >&3; grep SigBlk /proc/self/status >&3; exit 7",
                List.of(new LinuxSpawn.Inherited(file, 3)));
        LinuxCalls.close(file);

        assertEquals(new WaitStatus(7 << 8), LinuxCalls.waitFor(pid));
        List<String> said = Files.readAllLines(output);
        // The shell has a descriptor for the directory that it lists.
        assertTrue(
                said.getFirst()
                        .matches(
                                "hello /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 /proc/self/fd/3( /proc/self/fd/\\d+)?"),
                said.getFirst());
        assertEquals("SigBlk:\t0000000000000000", said.getLast());
    }

    @Test
    void theEndsOfASocketPairTalkUntilOneIsClosed() throws IOException {
        LinuxCalls.SocketPair pair = LinuxCalls.socketpair();
        byte[] said = new byte[100_000];
        said[99_999] = 7;
        byte[] heard = new byte[said.length];
        var second = new LinuxSocket(pair.second());
        try (second) {
            try (var first = new LinuxSocket(pair.first())) {
                first.write(said, 0, said.length);
                for (int count = 0; count < heard.length; ) {
                    count += second.read(heard, count, heard.length - count);
                }
                assertArrayEquals(said, heard);
            }
            assertEquals(-1, second.read(heard, 0, 1));
            assertTrue(assertThrows(LinuxException.class, () -> second.write(said, 0, 1))
                    .is(Errno.EPIPE));
        }
    }

    @Test
    void aProgramThatIsNotThereCannotBeSpawned() {
        LinuxException missing = assertThrows(
                LinuxException.class,
                () -> new LinuxSpawn(Path.of("/no/such/program"), List.of("x"), List.of(), List.of()).start());
        assertTrue(missing.is(Errno.ENOENT));
    }

    private static int shell(String script, List<LinuxSpawn.Inherited> descriptors) throws IOException {
        return new LinuxSpawn(SHELL, List.of("sh", "-c", script), List.of("GREETING=hello"), descriptors).start();
    }
}
