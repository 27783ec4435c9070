// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where engines and their daemons run.
 *
 * @param prefix what a command is put behind to run there
 */
record Place(String name, List<String> prefix) {

    /** What a container is given that has engines in it: no other runtime runs where cgroup v2 is beside v1. */
    private static final String SCRIPT = """
            set -eu
            if mountpoint -q /sys/fs/cgroup/unified; then umount -l /sys/fs/cgroup/unified; fi
            mount -t tmpfs -o mode=755 tmpfs /run
            ip link set lo up
            echo ready
            cat # and not exec: the shell reaps orphans while it waits
            """;

    static Place host() {
        return new Place("on the host", List.of());
    }

    /** Mount, pid, network, uts and ipc namespaces of its own, until this process ends. */
    static Place ofItsOwn() {
        try {
            Process unshare = new ProcessBuilder(
                            "unshare",
                            "--mount",
                            "--pid",
                            "--net",
                            "--uts",
                            "--ipc",
                            "--fork",
                            "--kill-child",
                            "--mount-proc",
                            "sh",
                            "-c",
                            SCRIPT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (!"ready".equals(unshare.inputReader().readLine())) {
                throw new BenchmarkException("there can be no namespaces for engines here");
            }
            Path children = Path.of("/proc/%d/task/%d/children".formatted(unshare.pid(), unshare.pid()));
            String init = Files.readString(children).strip();
            return new Place(
                    "in namespaces of its own",
                    List.of("nsenter", "--target=" + init, "--mount", "--pid", "--net", "--uts", "--ipc"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A command there. Its program is looked for here, since what measures does not. */
    List<String> command(List<String> words) {
        List<String> all = Stream.concat(prefix.stream(), words.stream()).toList();
        Path program = Programs.find(all.getFirst())
                .orElseThrow(() -> new BenchmarkException(all.getFirst() + " is not installed"));
        return Stream.concat(Stream.of(program.toString()), all.stream().skip(1))
                .toList();
    }
}
