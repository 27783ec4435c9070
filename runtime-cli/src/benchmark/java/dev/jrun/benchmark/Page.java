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

               This page says how long whole commands take, from before they are spawned until they have ended. jrun is compared with
               runc, crun and a *floor*: a static C program that makes the bundle's system calls by hand
               ([floor.c](../native-shim/bench/floor.c)) but is not a runtime.

               ![chart of the medians](performance.svg)

               Times are medians, with the 90th percentile in brackets. Ratios are those of the medians. Processor time includes
               everything that works for a command: whatever it starts, and jrun's engine, even for what it does after the command has
               ended. It is measured as the mean of ten consecutive commands.

               %s

               ## What is ahead, and what is not

               %s

               Why the targets that are missed are missed:

               - A first call has to start a JVM. The floor of the first `run` and the first `state` is a JVM with the
                 engine's flags, classes and AOT cache that only says its version.
               - Of a warm run's processor time, the shim and the container's first process take some three quarters, and
                 the engine one quarter. The floor shows what the kernel takes for the container alone.
               - Executing a program is the most expensive thing that a call does. crun and runc execute a sealed copy of
                 themselves, so that no container can write to the host's program. jrun puts the copy in its own place
                 instead ([security.md](security.md)), which costs half as much; the floor does neither.
               - In a virtual machine, a page fault can cost as much as a dozen system calls. The shim has the kernel make
                 the pages that each call writes in one go, so that a run takes 70 faults, 34 of them in busybox; crun's
                 takes 400.
               - The engine has no hot spot: half of its share is compiled Java code of which no method takes more than two
                 hundredths, and most of the rest is the kernel's.
               - A call has six hand-overs between shim and engine that wait for one another: the call, the program that
                 reads the bundle, the configuration, the launch program, the pid of the container's first process, and
                 the word to go on. Where all processors are busy, each waits for its turn.
               - A JVM with the engine's flags and AOT cache that only sleeps has 58 MB resident: 29 MB of the cache, 16 MB of
                 `libjvm.so`, 4 MB of heap. To these, the engine adds the rest of its heap (10 MB), and compiled code with what
                 the JVM knows about it (10 MB).

               ## Under Podman, Docker and containerd

               The chart shows what remains of the differences when an engine's own work is added: whole commands of Podman, Docker and
               `ctr`, on the host and in namespaces of their own, as in Docker in Docker, kind and CI jobs
               ([details](performance-engines.md)).

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
               - All subjects take turns within each case (jrun, crun, runc, floor, jrun, …), so that other work on the machine
                 affects all alike. Absolute times on a shared machine vary from run to run; compare ratios.
               - %d rounds of single commands, %d of several, %d without an engine.
               - Before a warm case is measured, jrun has served it %d times: a node's engine has run for days, and the JVM
                 compiles what has been called a hundred times. Until then, a call takes more processor time.
               - The bundle is the one that `spec` writes, without a terminal, on a root filesystem of busybox in a tmpfs. It is
                 the same for all, and for the floor.%s
               - The configurations of Docker, Podman, containerd and Kubernetes are those that these engines wrote for a container
                 without options, with their seccomp profiles, masked paths and mounts. Limits that need a controller are left out,
                 and joined namespaces are replaced by new ones.
               - `new-crun` and `new-runc` are those of Debian sid, with the libraries of sid.
               - *Processors busy* means that beside the commands, a shell runs in an endless loop for each processor.
               - If the host's cgroup v2 is not at `/sys/fs/cgroup`, it is mounted there in a mount namespace of the benchmark's own,
                 so that crun can run.
               - Before the measurement, each subject must run a container whose output and exit code are checked. Every measured
                 command must succeed. `jrun engine status` counts the calls served: in the warm cases, the engine served all of
                 jrun's; in the cold ones, no engine is running and none stays.
               - Every container's files and programs are in the page cache, even in the cold cases.

               ## Repeat it

               ```console
               $ scripts/benchmark                  # some minutes; results in runtime-cli/target/benchmark/
               $ scripts/benchmark --quick          # about a minute: does everything work?
               $ scripts/benchmark --write-docs     # writes this page; needs a quiet machine
               $ scripts/benchmark --jrun DIR       # measures another distribution than runtime-cli/target/jrun
               ```

               All numbers are in [performance.json](performance.json).
               """.formatted(
                        Table.of(results).toMarkdown(),
                        Standing.of(results),
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
                        effort.callsToWarmUp(),
                        switch (results.devices()) {
                            case RESTRICTED -> "";
                            case UNRESTRICTED ->
                                "\n  It has no `linux.resources`, since not every runtime here can load a device program.";
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
