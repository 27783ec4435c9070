// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.clients.containerd;

import dev.jrun.cli.clients.Transcript;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * ctr(8) used with one runtime, and what a user sees of that.
 *
 * @param namespace of containerd, after which the cgroup above those of its containers is named
 */
record Ctr(Containerd containerd, String namespace, Path runtime, Transcript transcript) {

    /** {@code ctr run} of an image of busybox: its options, then the container's id and command. */
    Execution run(List<String> options, String... container) {
        Execution execution = quietly(runWords(options, container));
        transcript.add(join(List.of("run"), options, List.of(container)), execution);
        return execution;
    }

    String[] runWords(List<String> options, String... container) {
        List<String> fixed = List.of("run", "--runc-binary", runtime.toString(), "--snapshotter", "native");
        return join(fixed, options, List.of(Containerd.IMAGE), List.of(container))
                .toArray(String[]::new);
    }

    @SafeVarargs
    private static List<String> join(List<String>... lists) {
        List<String> words = new ArrayList<>();
        for (List<String> list : lists) {
            words.addAll(list);
        }
        return words;
    }

    Execution ctr(String... arguments) {
        Execution execution = quietly(arguments);
        transcript.add(List.of(arguments), execution);
        return execution;
    }

    /** What may differ. */
    Execution quietly(String... arguments) {
        return Execution.of(command(arguments));
    }

    ProcessBuilder command(String... arguments) {
        return containerd.command(
                join(List.of("--namespace", namespace), List.of(arguments)).toArray(String[]::new));
    }

    /** Waits until the container's task has this status. */
    Ctr awaits(String status, String id) {
        Eventually.isTrue(
                id + " is " + status,
                () -> quietly("task", "list").lines().stream()
                        .anyMatch(line -> line.startsWith(id + " ") && line.endsWith(status)));
        return this;
    }

    /** Removes a container, whatever its state is. */
    void remove(String id) {
        quietly("task", "delete", "--force", id);
        quietly("container", "delete", id).succeeds();
    }
}
