// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What containers whose ids have a certain prefix left on the host: there are other containers on the machine, which
 * are none of the test's business.
 *
 * @param cgroups where cgroups are mounted, as the containers' runtime sees it
 */
public record Leftovers(String prefix, Path directory, Path cgroups) {

    /** A line for everything that is found. */
    public List<String> find() {
        List<String> found = new ArrayList<>();
        addCgroups(found);
        addProcesses(found);
        addMounts(found);
        return found;
    }

    private void addCgroups(List<String> found) {
        try (Stream<Path> directories = Files.find(
                cgroups,
                8,
                (path, attributes) ->
                        attributes.isDirectory() && has(path.getFileName().toString()))) {
            directories.map(path -> "cgroup " + path).forEach(found::add);
        } catch (UncheckedIOException | IOException raced) {
            // Another container's cgroup went away under our eyes: the next look will tell.
            found.add("unknown cgroups: " + raced.getMessage());
        }
    }

    private void addProcesses(List<String> found) {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            processes
                    .filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .filter(path ->
                            !path.endsWith(Long.toString(ProcessHandle.current().pid())))
                    .filter(this::belongsToContainer)
                    .map(path -> "process " + path + ": "
                            + read(path.resolve("cmdline")).replace('\0', ' '))
                    .forEach(found::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean belongsToContainer(Path process) {
        String mounts = read(process.resolve("mountinfo"));
        // A zombie has no mounts; the caller's subreaper will wait for it.
        return !mounts.isEmpty()
                && (mounts.contains(directory + "/")
                        || has(read(process.resolve("cgroup")))
                        || has(read(process.resolve("cmdline"))));
    }

    private void addMounts(List<String> found) {
        read(Path.of("/proc/self/mountinfo"))
                .lines()
                .filter(line -> line.contains(directory.toString()) || has(line))
                .map(line -> "mount " + line)
                .forEach(found::add);
    }

    private boolean has(String text) {
        return text.contains(prefix);
    }

    /** Empty if the process has ended meanwhile. */
    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file));
        } catch (IOException e) {
            return "";
        }
    }
}
