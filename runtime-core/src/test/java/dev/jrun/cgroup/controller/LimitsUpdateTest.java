// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import dev.jrun.cgroup.KernelCgroups;
import dev.jrun.cgroup.writing.Journal;
import dev.jrun.cgroup.writing.RevocableWriting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits that are changed and put back, against the kernel, with a process in the cgroup. */
class LimitsUpdateTest {

    private static final String BEFORE = """
            {"memory": {"limit": 67108864, "swap": 134217728, "reservation": 33554432},
             "cpu": {"shares": 512, "quota": 50000, "period": 100000, "burst": 1000, "cpus": "0", "mems": "0"},
             "pids": {"limit": 64}}""";

    private final Controllers controllers = new Controllers();
    private KernelCgroups kernel;
    private Cgroup cgroup;

    @BeforeEach
    void make() throws IOException {
        kernel = KernelCgroups.asMounted();
        cgroup = kernel.create("p/c");
        controllers.apply(cgroup, Limits.of(BEFORE));
        kernel.run(cgroup.paths().all(), "exec sleep 100");
    }

    @AfterEach
    void remove() throws IOException {
        kernel.close();
    }

    private RevocableWriting update(String json) throws CgroupException {
        var writing = new RevocableWriting();
        controllers.update(cgroup, Limits.of(json), Optional.empty(), writing);
        return writing;
    }

    /** Each leads from the state before by values that the kernel refuses in another order, and back. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"memory\": {\"limit\": 268435456, \"swap\": 536870912}}",
                "{\"memory\": {\"limit\": 16777216, \"swap\": 33554432}}",
                "{\"memory\": {\"limit\": -1}}",
                "{\"memory\": {\"limit\": 134217728, \"swap\": -1, \"reservation\": -1}}",
                "{\"cpu\": {\"quota\": 2000, \"period\": 4000, \"burst\": 2000}}",
                "{\"cpu\": {\"quota\": 900000, \"period\": 1000000}}",
                "{\"cpu\": {\"quota\": -1, \"burst\": 0}}",
                "{\"cpu\": {\"shares\": 2048, \"idle\": 1}}",
                "{\"cpu\": {\"idle\": 1}}",
                "{\"cpu\": {\"cpus\": \"0\", \"mems\": \"0\"}}",
                "{\"pids\": {\"limit\": -1}}",
            })
    void whatDependsOnEachOtherIsPutBack(String json) throws CgroupException {
        Map<String, String> before = files();
        RevocableWriting writing = update(json);
        writing.takeBack().ifPresent(problem -> assertEquals("", problem));
        assertEquals(before, files());
    }

    @Test
    void anIdleCgroupBecomesIdleAgain() throws CgroupException {
        controllers.apply(cgroup, Limits.of("{\"cpu\": {\"idle\": 1}}"));
        Map<String, String> before = files();
        RevocableWriting writing = update("{\"cpu\": {\"idle\": 0, \"shares\": 100}}");
        assertNotEquals(before, files());
        assertEquals(Optional.empty(), writing.takeBack());
        assertEquals(before, files());
    }

    /** All other controllers come before this one. */
    @Test
    void whateverTheLastOneRefusesAllIsPutBack() throws IOException {
        Map<String, String> before = files();
        String[] disk = Disks.any().split(":");
        String rate = "[{\"major\": " + disk[0] + ", \"minor\": " + disk[1] + ", \"rate\": 1048576}]";
        var writing = new RevocableWriting();
        String json = "{\"memory\": {\"limit\": 33554432, \"swap\": 67108864, \"reservation\": 4096},"
                + " \"cpu\": {\"shares\": 300, \"quota\": 20000, \"period\": 50000, \"burst\": 5000, \"cpus\": \"0-1\"},"
                + " \"pids\": {\"limit\": 7}, \"blockIO\": {\"throttleReadBpsDevice\": " + rate
                + ", \"throttleWriteIOPSDevice\": " + rate + "}, \"unified\": {\"nothing.max\": \"1\"}}";

        CgroupException refused = assertThrows(
                CgroupException.class, () -> controllers.update(cgroup, Limits.of(json), Optional.empty(), writing));
        assertEquals("/linux/resources/unified/nothing.max", refused.pointer());
        assertNotEquals(before, files());
        assertEquals(Optional.empty(), writing.takeBack());
        assertEquals(before, files());
    }

    /** What processes lose by a lower limit of memory nobody gives them back. */
    @Test
    void memoryIsNotLoweredIfAFileThatIsNamedIsWrong() {
        List<String> written = new ArrayList<>();
        var writing = new RevocableWriting(new Journal() {
            @Override
            public void note(Path file, String value) {
                written.add(file.getFileName().toString());
            }

            @Override
            public void noteDevices() {}

            @Override
            public void noteManager(String properties) {}
        });
        String json = "{\"memory\": {\"limit\": 33554432, \"swap\": 67108864}, \"pids\": {\"limit\": 7},"
                + " \"unified\": {\"nothing.max\": \"1\"}}";
        assertThrows(
                CgroupException.class, () -> controllers.update(cgroup, Limits.of(json), Optional.empty(), writing));
        assertEquals(Optional.empty(), writing.takeBack());
        assertEquals(List.of("pids.max"), written);
    }

    @Test
    void whatIsNotNamedStays() throws CgroupException {
        Map<String, String> before = files();
        update("{\"pids\": {\"limit\": 7}}").keep();
        Map<String, String> after = files();
        after.keySet().removeIf(name -> name.endsWith("/pids.max"));
        before.keySet().removeIf(name -> name.endsWith("/pids.max"));
        assertEquals(before, after);
    }

    /** What can be written, but for what says how much is used. */
    private Map<String, String> files() throws CgroupException {
        Map<String, String> values = new TreeMap<>();
        for (Path directory : cgroup.paths().all()) {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    if (isControl(file)) {
                        values.put(file.toString(), text(file));
                    }
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
        return values;
    }

    private static boolean isControl(Path file) throws IOException {
        String name = file.getFileName().toString();
        return Files.isRegularFile(file)
                && !name.matches("cgroup\\.(procs|threads)|tasks|.*(usage|pressure|failcnt|peak|stat).*")
                && Files.getPosixFilePermissions(file)
                        .containsAll(Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    }

    private static String text(Path file) {
        try {
            return new CgroupFile(file).read();
        } catch (CgroupException e) {
            return e.getMessage();
        }
    }
}
