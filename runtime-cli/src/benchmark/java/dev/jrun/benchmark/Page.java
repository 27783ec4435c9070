// SPDX-License-Identifier: Apache-2.0
package dev.jrun.benchmark;

import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.stream.Collectors;

/** The page docs/performance.md. */
final class Page {
    private Page() {}

    static String of(Results results) {
        Effort effort = results.effort();
        return """
               # Performance

               <!-- Written by scripts/benchmark --write-docs. -->

               How long whole commands take, from before they are spawned until they have ended, measured against runc,
               crun, and a *floor*: a static C program that makes the bundle's system calls by hand
               ([floor.c](../native-shim/bench/floor.c)) and is no runtime at all.

               ![chart of the medians](performance.svg)

               Medians, in brackets the 90th percentile. The ratios are those of the medians. Processor time is that of all that
               works for a command: whatever it starts, and in jrun's case the engine, also what that does when the command has
               ended; of each ten commands in turn it is the mean.

               %s

               ## Under Podman, Docker and containerd

               What of all this is left where an engine's own work comes on top: whole commands of Podman, Docker and `ctr`, on the
               host and in namespaces of their own, as in Docker in Docker, kind and CI jobs ([how](performance-engines.md)).

               ![chart of the medians](performance-engines.svg)

               ## Memory

               The engine's resident memory while it ran one container after another:

               | runs | Rss, kB | Pss, kB |
               | --- | --- | --- |
               %s

               ## How it was measured

               - On %s, %s.
               - Load average before: %.2f%s.
               %s
               - All subjects take turns within each case (jrun, crun, runc, floor, jrun, …), so that what else the machine
                 does hits all alike. Absolute times on a shared machine vary from run to run; compare ratios.
               - %d rounds of single commands, %d of several, %d without an engine.
               - The bundle is the one that `spec` writes, without a terminal%s, on a root
                 filesystem of busybox in a tmpfs. It is the same for all, and for the floor.
               - The configurations of Docker, Podman, containerd and Kubernetes are what these engines wrote for a container
                 without options, with their seccomp profiles, masked paths and mounts. The limits that need a controller
                 are left out, and namespaces that they had joined are new ones.
               - `new-crun` and `new-runc` are those of Debian sid, with the libraries of sid.
               - *Processors busy*: a shell that does nothing but loop runs beside it for each processor.
               - Where the host's cgroup v2 is not at `/sys/fs/cgroup`, it is mounted there in a mount namespace of the
                 benchmark's own, so that crun can run.
               - Before, each subject has to run a container whose output and exit code are checked. Every command measured
                 has to succeed. `jrun engine status` counts the calls served: in the warm cases all of jrun's were, in the
                 cold ones no engine is running and none stays.
               - Every container's files and programs are in the page cache, in the cold cases too.

               ## Repeat it

               ```console
               $ scripts/benchmark                  # some minutes; results in runtime-cli/target/benchmark/
               $ scripts/benchmark --quick          # under a minute: does everything work?
               $ scripts/benchmark --write-docs     # writes this page; on a quiet machine
               $ scripts/benchmark --jrun DIR       # of another distribution than runtime-cli/target/jrun
               ```

               All numbers are in [performance.json](performance.json).
               """.formatted(
                        Table.of(results).toMarkdown(),
                        results.engineMemory().samples().stream()
                                .map(sample -> "| %,d | %d | %d |"
                                        .formatted(
                                                sample.runs(),
                                                sample.memory().rss(),
                                                sample.memory().pss()))
                                .collect(Collectors.joining("\n")),
                        DateTimeFormatter.ISO_LOCAL_DATE.format(results.time().atZone(ZoneOffset.UTC)),
                        results.machine(),
                        results.machine().load(),
                        results.machine().isBusy() ? ": other work was going on, so the times are too high" : "",
                        versions(results),
                        effort.rounds(),
                        effort.lifecycles(),
                        effort.coldRounds(),
                        switch (results.devices()) {
                            case RESTRICTED -> "";
                            case UNRESTRICTED ->
                                " and without `linux.resources` (not every runtime here can load a device program)";
                        });
    }

    private static String versions(Results results) {
        String jrun = results.cache() ? "" : ", without an AOT cache";
        return results.versions().entrySet().stream()
                .map(entry -> "- " + entry.getKey() + ": " + entry.getValue()
                        + (entry.getKey().equals("jrun") ? jrun : ""))
                .collect(Collectors.joining("\n"));
    }
}
