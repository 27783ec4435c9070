// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.testing.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The files of a container's cgroups by which it is limited. */
public final class ControlFiles {

    /** What they say is not the runtime's doing. */
    private static final Set<String> OF_PROCESSES = Set.of("cgroup.procs", "cgroup.threads", "tasks");

    /** That of shares, which runc before 1.3.2 and crun before 1.23 do not compute as others do now. */
    private static final Set<String> ANOTHER = Set.of("cpu.weight", "cpu.weight.nice");

    private ControlFiles() {}

    /** What all of them say, in cgroups of that name. */
    public static Map<String, String> of(HostView view, String id) {
        Map<String, String> files = new TreeMap<>();
        for (Path directory : ForeignCgroup.at(view.hierarchies(), "/" + id).directories()) {
            addFiles(directory, files);
        }
        return files;
    }

    /** The one of that name, in whichever hierarchy it is. */
    public static Optional<Path> find(HostView view, String id, String name) {
        for (Path directory : ForeignCgroup.at(view.hierarchies(), "/" + id).directories()) {
            if (Files.exists(directory.resolve(name))) {
                return Optional.of(directory.resolve(name));
            }
        }
        return Optional.empty();
    }

    /** What it says. */
    public static String text(HostView view, String id, String name) {
        return text(find(view, id, name).orElseThrow());
    }

    /** Of what two runtimes have made. */
    public static void assertAreTheSame(Map<String, String> expected, Map<String, String> found, String message) {
        assertEquals(expected.keySet(), found.keySet());
        Map<String, String> missed = new TreeMap<>(expected);
        missed.entrySet().removeAll(Set.copyOf(found.entrySet()));
        missed.keySet().removeIf(file -> ANOTHER.contains(file.substring(file.lastIndexOf('/') + 1)));
        Map<String, String> instead = new TreeMap<>(found);
        instead.keySet().retainAll(missed.keySet());
        assertEquals(missed, instead, message);
    }

    private static void addFiles(Path directory, Map<String, String> values) {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                boolean isControl = Files.isRegularFile(file)
                        && !OF_PROCESSES.contains(name)
                        && Files.getPosixFilePermissions(file).stream()
                                        .filter(permission -> permission.name().startsWith("OWNER_"))
                                        .count()
                                == 2;
                if (isControl) {
                    values.put(directory.getParent().getFileName() + "/" + name, text(file));
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Some cannot be read, or say what was used at most. */
    private static String text(Path file) {
        String name = file.getFileName().toString();
        if (name.contains("usage") || name.contains("pressure") || name.contains("failcnt") || name.contains("peak")) {
            return "";
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return e.getClass().getSimpleName();
        }
    }
}
