// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The host as containers' runtimes see it: as it is, or as if it knew no cgroup v1. */
public sealed interface HostView extends AutoCloseable {

    /** What a command has to be put behind to see the host like this. */
    public List<String> prefix();

    /** Where cgroups are mounted, seen from the tests. */
    public Path cgroups();

    /** Where the cgroup file system of version 2 is mounted, seen from the tests. */
    public Path unified();

    /** The directories at which hierarchies of cgroups are mounted, seen from the tests. */
    default List<Path> hierarchies() {
        try (Stream<Path> mounts = Files.list(cgroups())) {
            return Files.exists(cgroups().resolve("cgroup.procs"))
                    ? List.of(cgroups())
                    : mounts.filter(mount -> Files.exists(mount.resolve("cgroup.procs")))
                            .filter(mount -> !Files.isSymbolicLink(mount))
                            .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close();

    static boolean isUnifiedOnly() {
        return Files.exists(Path.of("/sys/fs/cgroup/cgroup.controllers"));
    }

    record AsIs() implements HostView {
        @Override
        public List<String> prefix() {
            return List.of();
        }

        @Override
        public Path cgroups() {
            return Path.of("/sys/fs/cgroup");
        }

        @Override
        public Path unified() {
            return isUnifiedOnly() ? cgroups() : cgroups().resolve("unified");
        }

        @Override
        public void close() {}
    }

    /**
     * The host in another network namespace, where tests make network devices; it is there as long as a process in it.
     */
    record OwnNetwork(Process holder) implements HostView {
        public static OwnNetwork open() {
            return new OwnNetwork(
                    held("cannot make a network namespace", "unshare", "-n", "sh", "-c", "echo ready && exec cat"));
        }

        @Override
        public List<String> prefix() {
            return List.of("nsenter", "--net=/proc/" + holder.pid() + "/ns/net");
        }

        @Override
        public Path cgroups() {
            return new AsIs().cgroups();
        }

        @Override
        public Path unified() {
            return new AsIs().unified();
        }

        @Override
        public void close() {
            end(holder);
        }
    }

    /**
     * The host in another mount namespace, whose new mounts this one does not get; it is there as long as a process in
     * it.
     */
    record OwnMounts(Process holder) implements HostView {
        public static OwnMounts open() {
            return new OwnMounts(held(
                    "cannot make a mount namespace",
                    "unshare",
                    "-m",
                    "--propagation",
                    "slave",
                    "sh",
                    "-c",
                    "echo ready && exec cat"));
        }

        @Override
        public List<String> prefix() {
            return List.of("nsenter", "--mount=/proc/" + holder.pid() + "/ns/mnt");
        }

        @Override
        public Path cgroups() {
            return new AsIs().cgroups();
        }

        @Override
        public Path unified() {
            return new AsIs().unified();
        }

        @Override
        public void close() {
            end(holder);
        }
    }

    /** A process that has said that it is ready, and stays until its standard input ends. */
    private static Process held(String failure, String... command) {
        try {
            Process holder = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (!"ready".equals(holder.inputReader().readLine())) {
                throw new AssertionError(failure);
            }
            return holder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void end(Process holder) {
        try {
            holder.getOutputStream().close();
            holder.waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** A mount namespace where cgroup v2 alone is mounted; it is there as long as a process in it, which this holds. */
    record UnifiedOnly(Process holder) implements HostView {
        private static final String SCRIPT =
                "umount -l /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup && echo ready && exec cat";

        public static UnifiedOnly open() {
            return new UnifiedOnly(held("cannot make a view of cgroup v2 alone", "unshare", "-m", "sh", "-c", SCRIPT));
        }

        @Override
        public List<String> prefix() {
            return List.of("nsenter", "--mount=/proc/" + holder.pid() + "/ns/mnt");
        }

        @Override
        public Path cgroups() {
            return Path.of("/proc/" + holder.pid() + "/root/sys/fs/cgroup");
        }

        @Override
        public Path unified() {
            return cgroups();
        }

        @Override
        public void close() {
            end(holder);
        }
    }
}
