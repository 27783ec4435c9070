// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.container.SilentSession;
import dev.jrun.container.lifecycle.ContainerBusyException;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.kernel.call.EffectiveUser;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ContainerLocksTest {

    private static final ContainerId ID = new ContainerId("c1");
    private static final int ROUNDS = 200;
    private static final Session CALLER = new SilentSession();

    @TempDir
    private Path root;

    /** Not atomic on purpose: two that do this at once lose a number. */
    private static void increment(Path file) throws IOException {
        int number = Integer.parseInt(Files.readString(file));
        Files.writeString(file, Integer.toString(number + 1));
    }

    private static void incrementUnderLock(Path root, int rounds) throws Exception {
        ContainerLocks locks = new ContainerLocks();
        for (int i = 0; i < rounds; i++) {
            try (var _ = locks.acquire(root, ID, CALLER)) {
                increment(root.resolve("number"));
            }
        }
    }

    /**
     * Another engine, as a process: counts, looks whether it is free, has who opens the file wait, or holds the lock
     * until it is killed.
     */
    static final class Other {
        private Other() {}

        public static void main(String[] arguments) throws Exception {
            Path root = Path.of(arguments[0]);
            if (arguments[1].equals("hold")) {
                try (var _ = new ContainerLocks().acquire(root, ID, CALLER)) {
                    System.out.println("held");
                    System.in.read();
                }
            } else if (arguments[1].equals("stall")) {
                Lease.take(root.resolve(".lock"));
            } else if (arguments[1].equals("try")) {
                var held = new ContainerLocks().acquire(root, ID, CALLER, Duration.ZERO);
                System.out.println(held.isPresent() ? "free" : "busy");
            } else {
                System.out.println("ready");
                System.in.read();
                incrementUnderLock(root, ROUNDS);
            }
        }
    }

    /**
     * As on a file system that does not answer: who opens the file waits, until the process that has the lease ends,
     * fcntl(2).
     */
    private static final class Lease {
        private static final int SETLEASE = 1024;
        private static final int GETLEASE = 1025;
        private static final int SETSIG = 10;
        private static final int WRITE = 1;
        private static final int READ_WRITE = 2;

        /** Who takes no action for it goes on, signal(7). */
        private static final int SIGURG = 23;

        private static final Linker LINKER = Linker.nativeLinker();
        private static final MethodHandle OPEN = function(
                "open", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT), 2);
        private static final MethodHandle FCNTL = function(
                "fcntl",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                2);

        private Lease() {}

        @SuppressWarnings("restricted")
        private static MethodHandle function(String name, FunctionDescriptor descriptor, int firstVariadic) {
            return LINKER.downcallHandle(
                    LINKER.defaultLookup().find(name).orElseThrow(),
                    descriptor,
                    descriptor.argumentLayouts().size() > firstVariadic
                            ? new Linker.Option[] {Linker.Option.firstVariadicArg(firstVariadic)}
                            : new Linker.Option[0]);
        }

        /** Says that it has it, and then that somebody waits for it. */
        static void take(Path file) throws Exception {
            try (Arena arena = Arena.ofConfined()) {
                int descriptor = call(OPEN, arena.allocateFrom(file.toString()), READ_WRITE);
                call(FCNTL, descriptor, SETSIG, SIGURG);
                System.out.println(call(FCNTL, descriptor, SETLEASE, WRITE) == 0 ? "leased" : "refused");
                while (call(FCNTL, descriptor, GETLEASE, 0) == WRITE) {
                    Thread.onSpinWait();
                }
                System.out.println("awaited");
                System.in.read();
            }
        }

        private static int call(MethodHandle function, Object... arguments) {
            try {
                return (int) function.invokeWithArguments(arguments);
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
        }
    }

    @Test
    void aFileSystemThatDoesNotAnswerConcernsItsOwnContainersAlone() throws Exception {
        ContainerLocks locks = new ContainerLocks();
        Path stalled = Files.createDirectory(root.resolve("stalled"));
        locks.acquire(stalled, ID, CALLER).close();
        Process other = other("stall", stalled);
        try (var threads = Executors.newCachedThreadPool()) {
            BufferedReader said = other.inputReader(StandardCharsets.US_ASCII);
            assumeTrue("leased".equals(said.readLine()), "the file system of " + root + " has no leases");
            Future<?> waiting = threads.submit(() -> {
                locks.acquire(stalled, ID, CALLER).close();
                return null;
            });
            assertEquals("awaited", said.readLine());
            Future<?> elsewhere = threads.submit(() -> {
                locks.acquire(root, ID, CALLER).close();
                return null;
            });
            elsewhere.get(20, TimeUnit.SECONDS);
            Future<?> gone = threads.submit(() -> locks.acquire(stalled, ID, SilentSession.ofGoneShim()));
            var failure = assertThrows(ExecutionException.class, () -> gone.get(20, TimeUnit.SECONDS));
            assertInstanceOf(SessionBrokenException.class, failure.getCause());
            Future<Optional<HeldLock>> late =
                    threads.submit(() -> locks.acquire(stalled, ID, CALLER, Duration.ofMillis(1)));
            assertTrue(late.get(20, TimeUnit.SECONDS).isEmpty());
            assertFalse(waiting.isDone());
            other.destroyForcibly().waitFor();
            waiting.get();
        } finally {
            other.destroyForcibly().waitFor();
        }
        assertEquals(0, descriptorsOf(stalled.resolve(".lock")));
    }

    /** Another name of a file of root's, which somebody else can make in a shared root. */
    @Test
    void aFileWithAnotherNameIsNoLockFile() throws Exception {
        Path foreign = Files.createFile(root.resolve("foreign"));
        Files.setPosixFilePermissions(foreign, PosixFilePermissions.fromString("rw-r--r--"));
        Path link = Files.createLink(root.resolve(".lock"), foreign);
        var failure = assertThrows(ContainerException.class, () -> new ContainerLocks().acquire(root, ID, CALLER));
        assertEquals(
                "cannot lock container c1: " + link
                        + ": it has 2 names (hard links), so it may be any file of the caller's",
                failure.getMessage());
        hasMode("rw-r--r--", foreign);
    }

    private Process other(String task) throws IOException {
        return other(task, root);
    }

    private static Process other(String task, Path root) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        root.toString(),
                        task)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void aDirectoryMayHaveSeveralNames() throws Exception {
        ContainerLocks locks = new ContainerLocks();
        Path alias = Files.createSymbolicLink(root.resolveSibling("alias-of-" + root.getFileName()), root);
        try (var _ = locks.acquire(root, new ContainerId("a"), CALLER);
                var _ = locks.acquire(alias, new ContainerId("b"), CALLER)) {
            assertEquals(1, descriptorsOf(root.resolve(".lock")));
        } finally {
            Files.delete(alias);
        }
    }

    /** As by a bind mount. A process loses its locks on a file when it closes any descriptor of it. */
    @Test
    void aLockFileMayHaveSeveralPaths() throws Exception {
        ContainerLocks locks = new ContainerLocks();
        Path other = Files.createSymbolicLink(root.resolve("other"), root);
        try (var _ = locks.acquire(root, ID, CALLER)) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                assertTrue(threads.submit(() -> locks.acquire(other, ID, CALLER, Duration.ZERO))
                        .get()
                        .isEmpty());
            }
            locks.acquire(other, new ContainerId("c2"), CALLER).close();
            Process engine = other("try");
            assertEquals("busy\n", new String(engine.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
            assertEquals(0, engine.waitFor());
        }
        locks.acquire(other, ID, CALLER).close();
        locks.acquire(root, ID, CALLER).close();
    }

    @Test
    void whoHasLockedTheFileInThisProcessIsWaitedFor() throws Exception {
        ContainerLocks locks = new ContainerLocks();
        try (var _ = new ContainerLocks().acquire(root, ID, CALLER)) {
            assertTrue(locks.acquire(root, ID, CALLER, Duration.ofMillis(1)).isEmpty());
        }
        locks.acquire(root, ID, CALLER).close();
    }

    @Test
    void whoWaitedForTheLockInAFileThatIsGoneTakesTheNewOne() throws Exception {
        ContainerLocks locks = new ContainerLocks();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> waiting;
            try (var _ = locks.acquire(root, ID, CALLER)) {
                waiting = threads.submit(() -> {
                    try (var _ = locks.acquire(root, ID, CALLER)) {
                        return descriptorsOf(root.resolve(".lock"));
                    }
                });
                Files.delete(root.resolve(".lock"));
            }
            assertEquals(1L, waiting.get());
        }
    }

    @Test
    void whereOthersCanExchangeFilesNothingIsLocked() throws Exception {
        assumeTrue(EffectiveUser.uid() == 0, "only root can give files away");
        hasRefusal(0, 0, 0777, "everybody may write to it, and it is not sticky");
        hasRefusal(0, 100, 0770, "group 100 may write to it, and it is not sticky");
        hasRefusal(1000, 1000, 0700, "it belongs to user 1000");
        hasRefusal(1000, 1000, 01777, "it belongs to user 1000");
        for (int harmless : new int[] {0755, 0775, 01777, 01770}) {
            become(0, 0, harmless);
            new ContainerLocks().acquire(root, ID, CALLER).close();
        }
        become(0, 100, 01775);
        new ContainerLocks().acquire(root, ID, CALLER).close();
    }

    private void hasRefusal(int owner, int group, int mode, String reason) throws IOException {
        become(owner, group, mode);
        var refusal = assertThrows(ContainerException.class, () -> new ContainerLocks().acquire(root, ID, CALLER));
        assertEquals(
                "cannot keep states in " + root + ": " + reason
                        + ", so others could replace what is in it; it must belong to the caller or to root,"
                        + " and be writable for nobody else or have the sticky bit",
                refusal.getMessage());
        assertFalse(Files.exists(root.resolve(".lock")));
    }

    private void become(int owner, int group, int mode) throws IOException {
        Files.setAttribute(root, "unix:uid", owner);
        Files.setAttribute(root, "unix:gid", group);
        Files.setAttribute(root, "unix:mode", mode);
    }

    @Test
    void noFileStaysOpenWhenNothingIsLocked() throws Exception {
        ContainerLocks locks = new ContainerLocks();
        try (var _ = locks.acquire(root, new ContainerId("a"), CALLER)) {
            try (var _ = locks.acquire(root, new ContainerId("b"), CALLER)) {
                assertEquals(1, descriptorsOf(root.resolve(".lock")));
            }
            assertEquals(1, descriptorsOf(root.resolve(".lock")));
        }
        assertEquals(0, descriptorsOf(root.resolve(".lock")));
    }

    private static long descriptorsOf(Path file) throws IOException {
        Path real = file.toRealPath();
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(descriptor -> {
                        try {
                            return Files.readSymbolicLink(descriptor).equals(real);
                        } catch (IOException closed) {
                            return false;
                        }
                    })
                    .count();
        }
    }

    @Test
    void threadsOfOneEngineWaitForEachOther() throws Exception {
        ContainerLocks locks = new ContainerLocks();
        int[] number = {0};
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                all.add(threads.submit(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        try (var _ = locks.acquire(root, ID, CALLER)) {
                            number[0]++;
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> thread : all) {
                thread.get();
            }
        }
        assertEquals(8 * ROUNDS, number[0]);
    }

    @Test
    void enginesWaitForEachOther() throws Exception {
        Files.writeString(root.resolve("number"), "0");
        Process other = other("count");
        try {
            assertEquals('r', other.getInputStream().read());
            other.getOutputStream().close();
            incrementUnderLock(root, ROUNDS);
            assertEquals(0, other.waitFor());
        } finally {
            other.destroyForcibly();
        }
        assertEquals(Integer.toString(2 * ROUNDS), Files.readString(root.resolve("number")));
    }

    /** What is opened and closed for other containers, by another path, must not take the lock of this one away. */
    @Test
    void enginesWaitForEachOtherWhateverElseIsLocked() throws Exception {
        ContainerLocks locks = new ContainerLocks();
        Path alias = Files.createSymbolicLink(root.resolve("alias"), root);
        Files.writeString(root.resolve("number"), "0");
        Process other = other("count");
        try (var threads = Executors.newCachedThreadPool()) {
            assertEquals('r', other.getInputStream().read());
            other.getOutputStream().close();
            List<Future<?>> all = new ArrayList<>();
            for (Path path : List.of(root, alias)) {
                all.add(threads.submit(() -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        locks.acquire(path, new ContainerId("c2"), CALLER).close();
                    }
                    return null;
                }));
            }
            for (int round = 0; round < ROUNDS; round++) {
                try (var _ = locks.acquire(root, ID, CALLER)) {
                    increment(root.resolve("number"));
                }
            }
            for (Future<?> thread : all) {
                thread.get();
            }
            assertEquals(0, other.waitFor());
        } finally {
            other.destroyForcibly();
        }
        assertEquals(Integer.toString(2 * ROUNDS), Files.readString(root.resolve("number")));
    }

    @Test
    void theLockOfAnEngineThatIsKilledIsFree() throws Exception {
        Process other = other("hold");
        assertEquals('h', other.getInputStream().read());
        other.destroyForcibly().waitFor();
        try (var held = new ContainerLocks().acquire(root, ID, CALLER)) {
            assertTrue(Files.exists(root.resolve(".lock")), held::toString);
        }
    }

    @Test
    void differentContainersDoNotWait() throws Exception {
        ContainerLocks locks = new ContainerLocks();
        try (var first = locks.acquire(root, ID, CALLER);
                var second = locks.acquire(root, new ContainerId("c2"), CALLER);
                var elsewhere = locks.acquire(Files.createDirectory(root.resolve("other")), ID, CALLER)) {
            assertTrue(first != second && second != elsewhere);
        }
    }

    @Test
    void aLockFileThatWasRemovedIsMadeAgain() throws Exception {
        ContainerLocks locks = new ContainerLocks();
        locks.acquire(root, ID, CALLER).close();
        Files.delete(root.resolve(".lock"));
        locks.acquire(root, ID, CALLER).close();
        assertTrue(Files.exists(root.resolve(".lock")));
    }

    @Test
    void afterAFailureTheLockIsFree() throws Exception {
        ContainerLocks locks = new ContainerLocks();
        Path missing = root.resolve("missing");
        var failure = assertThrows(ContainerException.class, () -> locks.acquire(missing, ID, CALLER));
        assertEquals(
                "cannot lock container c1: " + missing.resolve(".lock") + ": no such file or directory",
                failure.getMessage());
        Files.createDirectory(missing);
        locks.acquire(missing, ID, CALLER).close();
    }

    private static void hasMode(String mode, Path file) throws IOException {
        assertEquals(mode, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void nobodyElseMayOpenTheLockFile() throws Exception {
        Path file = root.resolve(".lock");
        new ContainerLocks().acquire(root, ID, CALLER).close();
        hasMode("rw-------", file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        new ContainerLocks().acquire(root, ID, CALLER).close();
        hasMode("rw-------", file);
    }

    @Test
    void aLinkIsNoLockFile() throws Exception {
        Path target = root.resolve("target");
        Files.createSymbolicLink(root.resolve(".lock"), target);
        assertThrows(ContainerException.class, () -> new ContainerLocks().acquire(root, ID, CALLER));
        assertFalse(Files.exists(target));
    }

    @Test
    void aFileOfSomebodyElseIsNoLockFile() throws Exception {
        Path file = Files.createFile(root.resolve(".lock"));
        assumeTrue(EffectiveUser.uid() == 0, "only root can give files away");
        Files.setAttribute(file, "unix:uid", 1000);
        var failure = assertThrows(ContainerException.class, () -> new ContainerLocks().acquire(root, ID, CALLER));
        assertEquals(
                "cannot lock container c1: " + file + ": it belongs to user 1000, not to the caller, user 0",
                failure.getMessage());
    }

    @Test
    void whoseCallerHasGoneDoesNotWaitForAThread() throws Exception {
        ContainerLocks locks = new ContainerLocks();
        try (var _ = locks.acquire(root, ID, CALLER);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> waiting = threads.submit(() -> locks.acquire(root, ID, SilentSession.ofGoneShim()));
            var failure = assertThrows(ExecutionException.class, waiting::get);
            assertInstanceOf(SessionBrokenException.class, failure.getCause());
        }
        locks.acquire(root, ID, CALLER).close();
    }

    @Test
    void whoseCallerHasGoneDoesNotWaitForAnEngine() throws Exception {
        Process other = other("hold");
        try {
            assertEquals('h', other.getInputStream().read());
            ContainerLocks locks = new ContainerLocks();
            assertThrows(SessionBrokenException.class, () -> locks.acquire(root, ID, SilentSession.ofGoneShim()));
            assertEquals(0, descriptorsOf(root.resolve(".lock")));
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void aWaitEndsAndSaysWhoHasTheLock() throws Exception {
        Process other = other("hold");
        try {
            assertEquals('h', other.getInputStream().read());
            var failure = assertThrows(
                    ContainerBusyException.class,
                    () -> new ContainerLocks(Duration.ofMillis(20)).acquire(root, ID, CALLER));
            assertEquals(
                    "cannot lock container c1: another operation on it has not ended in 0 s; process " + other.pid()
                            + " holds the lock in " + root.resolve(".lock"),
                    failure.getMessage());
        } finally {
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void aThreadDoesNotWaitForeverEither() throws Exception {
        ContainerLocks locks = new ContainerLocks(Duration.ofMillis(20));
        try (var _ = locks.acquire(root, ID, CALLER);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> waiting = threads.submit(() -> locks.acquire(root, ID, CALLER));
            var failure = assertThrows(ExecutionException.class, waiting::get);
            assertInstanceOf(ContainerException.class, failure.getCause());
        }
    }
}
