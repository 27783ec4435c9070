// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.embedded;

import dev.jrun.cli.testing.host.CLibrary;
import dev.jrun.kernel.call.LinuxCalls;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The processes of containers whose parents have ended: this JVM adopts them, and waits for them. How soon process 1
 * would is nobody's promise, and until then the first process of their pid namespace cannot end. prctl(2),
 * PR_SET_CHILD_SUBREAPER; pid_namespaces(7).
 */
public final class Orphans implements AutoCloseable {

    private static final int PR_SET_CHILD_SUBREAPER = 36;

    private final TestHost host;

    private Orphans(TestHost host) {
        this.host = host;
    }

    /** From now on they are this JVM's. */
    public static Orphans adopt(TestHost host) {
        adoptAll(1);
        return new Orphans(host);
    }

    private static void adoptAll(long whether) {
        CLibrary.call("prctl", PR_SET_CHILD_SUBREAPER, whether, 0L, 0L, 0L);
    }

    /**
     * Waits for those that have ended.
     *
     * @return which these were
     */
    public Set<Long> reap() throws IOException {
        Set<Long> ended = new TreeSet<>();
        for (long pid : children()) {
            if (isOfContainer(pid) && hasEnded(pid)) {
                LinuxCalls.waitFor((int) pid);
                ended.add(pid);
            }
        }
        return ended;
    }

    /** Of all threads: whoever adopts an orphan is one of them. */
    private static List<Long> children() throws IOException {
        List<Long> pids = new ArrayList<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                for (String pid : read(thread.resolve("children")).split(" ")) {
                    if (!pid.isBlank()) {
                        pids.add(Long.parseLong(pid.strip()));
                    }
                }
            }
        }
        return pids;
    }

    /**
     * This JVM starts none of its own children in a container's cgroup. What has ended keeps the name of the one that
     * it was in.
     */
    private boolean isOfContainer(long pid) throws IOException {
        return read(Path.of("/proc/" + pid + "/cgroup"))
                .lines()
                .anyMatch(line -> line.startsWith("0::" + host.cgroupsPath("")));
    }

    /** The state comes behind the name, which may have any character in it; proc_pid_stat(5). */
    private static boolean hasEnded(long pid) throws IOException {
        String stat = read(Path.of("/proc/" + pid + "/stat"));
        return stat.startsWith(") Z", stat.lastIndexOf(')'));
    }

    /** Empty if the process, or the thread, is gone. */
    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException gone) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        adoptAll(0);
        reap();
    }
}
