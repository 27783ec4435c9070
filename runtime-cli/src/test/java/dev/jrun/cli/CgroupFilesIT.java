// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The files of a container's cgroups have the same values as those of a container that runc has made of the same document. */
class CgroupFilesIT extends RealContainers {

    /** What they say is not the runtime's doing. */
    private static final Set<String> OF_PROCESSES = Set.of("cgroup.procs", "cgroup.threads", "tasks");

    private OciRuntime runc;

    @BeforeEach
    void needRunc() {
        Programs.need("runc");
        runc = sandbox.installed("runc").orElseThrow();
    }

    @Test
    void withoutLimits() {
        assertAreTheSame("{}");
    }

    @Test
    void withLimitsOfMemory() {
        assertAreTheSame(
                "{\"memory\": {\"limit\": 67108864, \"reservation\": 33554432, \"swap\": 134217728, \"swappiness\": 7,"
                        + " \"kernelTCP\": 0}}");
        assertAreTheSame("{\"memory\": {\"limit\": 67108864, \"disableOOMKiller\": true, \"useHierarchy\": true}}");
        assertAreTheSame("{\"memory\": {\"limit\": 67108864, \"checkBeforeUpdate\": true, \"kernel\": 33554432}}");
    }

    @Test
    void withLimitsOfProcessorsAndProcesses() {
        assertAreTheSame(
                "{\"cpu\": {\"shares\": 512, \"quota\": 20000, \"period\": 50000, \"cpus\": \"0\", \"mems\": \"0\"},"
                        + " \"pids\": {\"limit\": 77}}");
    }

    @Test
    void withLimitsOfDisks() throws IOException {
        String[] numbers = Disks.any().split(":");
        String device = "{\"major\": " + numbers[0] + ", \"minor\": " + numbers[1] + ", \"rate\": ";
        assertAreTheSame("{\"blockIO\": {\"throttleReadBpsDevice\": [" + device + "1048576}],"
                + " \"throttleWriteBpsDevice\": [" + device + "2097152}],"
                + " \"throttleReadIOPSDevice\": [" + device + "100}],"
                + " \"throttleWriteIOPSDevice\": [" + device + "200}]}}");
    }

    @Test
    void withZerosForWhatIsNotSet() {
        assertAreTheSame("{\"memory\": {\"limit\": 0, \"kernel\": 0, \"kernelTCP\": 0, \"disableOOMKiller\": false},"
                + " \"cpu\": {\"shares\": 0, \"quota\": 0, \"period\": 0, \"realtimeRuntime\": 0, \"realtimePeriod\": 0},"
                + " \"blockIO\": {\"weight\": 0, \"leafWeight\": 0}, \"network\": {\"classID\": 0}}");
    }

    private void assertAreTheSame(String resources) {
        Map<String, String> expected = filesOf(runc, resources);
        Map<String, String> found = filesOf(jrun, resources);

        assertEquals(expected.keySet(), found.keySet());
        expected.entrySet().removeAll(Set.copyOf(found.entrySet()));
        found.keySet().retainAll(expected.keySet());
        assertEquals(expected, found, resources);
    }

    private Map<String, String> filesOf(OciRuntime runtime, String resources) {
        String id = sandbox.newId();
        Bundle bundle = sandbox.bundle()
                .runs("sleep", "1000")
                .with("/linux/resources", resources)
                .with("/linux/cgroupsPath", "\"/" + id + '"');
        runtime.call("run", "--detach", "--bundle", bundle.path(), id).succeeds();
        Map<String, String> files = new TreeMap<>();
        for (Path directory : ForeignCgroup.at(view().hierarchies(), "/" + id).directories()) {
            addFiles(directory, files);
        }
        runtime.call("delete", "--force", id).succeeds();
        return files;
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
