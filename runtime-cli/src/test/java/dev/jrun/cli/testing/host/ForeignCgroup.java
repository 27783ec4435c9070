// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.host;

import dev.jrun.kernel.call.KernelFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A cgroup in all hierarchies that no runtime has made, or that somebody puts processes into who is no runtime.
 *
 * @param directories one in each hierarchy
 * @param processes those that were put there
 */
public record ForeignCgroup(List<Path> directories, List<Process> processes) implements AutoCloseable {

    /** @param path from the root of each hierarchy */
    public static ForeignCgroup at(List<Path> hierarchies, String path) {
        return new ForeignCgroup(
                hierarchies.stream()
                        .map(hierarchy -> hierarchy.resolve(path.substring(1)))
                        .toList(),
                new ArrayList<>());
    }

    public ForeignCgroup make() {
        try {
            for (Path directory : directories) {
                Files.createDirectory(directory);
                inherit(directory, "cpuset.cpus");
                inherit(directory, "cpuset.mems");
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** On cgroup v1 no process can enter a cgroup that has none. */
    private static void inherit(Path directory, String name) throws IOException {
        Path file = directory.resolve(name);
        if (Files.exists(directory.resolve("tasks")) && Files.exists(file)) {
            Files.writeString(file, Files.readString(directory.getParent().resolve(name)));
        }
    }

    /** A process in it that waits. */
    public Process run() {
        String enter = directories.stream()
                .map(directory -> "echo 0 > " + entrance(directory) + "; ")
                .collect(Collectors.joining());
        try {
            Process process = new ProcessBuilder("sh", "-ec", enter + "echo entered; exec cat")
                    .redirectErrorStream(true)
                    .start();
            processes.add(process);
            String answer = process.inputReader().readLine();
            if (!"entered".equals(answer)) {
                throw new AssertionError("cannot enter " + directories + ": " + answer);
            }
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Moves another process into it. */
    public void enter(long pid) {
        try {
            for (Path directory : directories) {
                Files.writeString(directory.resolve("cgroup.procs"), Long.toString(pid));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path entrance(Path directory) {
        Path tasks = directory.resolve("tasks");
        return Files.exists(tasks) ? tasks : directory.resolve("cgroup.procs");
    }

    /** Its directories as words of a shell. */
    public String text() {
        return directories.stream().map(Path::toString).collect(Collectors.joining(" "));
    }

    public boolean exists() {
        return directories.stream().anyMatch(Files::exists);
    }

    public void freeze() {
        writeToFreezer("FROZEN", "1");
        Eventually.isTrue("it is frozen", this::isFrozen);
    }

    public void thaw() {
        writeToFreezer("THAWED", "0");
    }

    private void writeToFreezer(String legacy, String unified) {
        try {
            for (Path directory : directories) {
                if (Files.exists(directory.resolve("freezer.state"))) {
                    Files.writeString(directory.resolve("freezer.state"), legacy);
                } else if (directories.size() == 1 && Files.exists(directory.resolve("cgroup.freeze"))) {
                    Files.writeString(directory.resolve("cgroup.freeze"), unified);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isFrozen() {
        return directories.stream()
                .anyMatch(directory -> read(directory.resolve("freezer.state")).startsWith("FROZEN")
                        || read(directory.resolve("cgroup.events")).contains("frozen 1"));
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? KernelFile.read(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void end(Process process) {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Ends its processes and removes it, if it is there. */
    @Override
    public void close() {
        if (exists()) {
            thaw();
        }
        processes.forEach(ForeignCgroup::end);
        for (Path directory : directories) {
            Eventually.isTrue("no " + directory, () -> directory.toFile().delete() || Files.notExists(directory));
        }
    }
}
