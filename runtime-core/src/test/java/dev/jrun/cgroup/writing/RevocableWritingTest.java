// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.writing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.CgroupFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RevocableWritingTest {

    @TempDir
    Path directory;

    private final RevocableWriting writing = new RevocableWriting();

    private CgroupFile file(String name, String contents) throws IOException {
        return new CgroupFile(Files.writeString(directory.resolve(name), contents));
    }

    @Test
    void stepsAreTakenBackInTheOppositeOrder() throws IOException {
        CgroupFile file = file("pids.max", "1");
        writing.write(file, "2", FormerValue.WHOLE);
        writing.write(file, "3", FormerValue.WHOLE);
        List<String> seen = new ArrayList<>();
        writing.add(() -> seen.add(file.read()));
        assertEquals("3", file.read());

        assertEquals(Optional.empty(), writing.takeBack());
        assertEquals("1", file.read());
        assertEquals(List.of("3"), seen);
    }

    @Test
    void whatIsKeptIsNotTakenBack() throws IOException {
        CgroupFile file = file("pids.max", "1");
        writing.write(file, "2", FormerValue.WHOLE);
        List<String> given = new ArrayList<>();
        writing.add(new RevocableWriting.Step() {
            @Override
            public void undo() {
                given.add("undone");
            }

            @Override
            public void keep() {
                given.add("kept");
            }
        });
        writing.keep();

        assertEquals(Optional.empty(), writing.takeBack());
        assertEquals("2", file.read());
        assertEquals(List.of("kept"), given);
    }

    /** The rest is put back all the same. */
    @Test
    void whatCannotBePutBackIsSaid() throws IOException {
        CgroupFile first = file("cpu.max", "max");
        CgroupFile second = file("memory.max", "max");
        CgroupFile third = file("pids.max", "max");
        writing.write(first, "1", FormerValue.WHOLE);
        writing.write(second, "2", FormerValue.WHOLE);
        writing.write(third, "3", FormerValue.WHOLE);
        Files.delete(second.path());

        CgroupException failure = writing.takeBack(CgroupException.ofField("/linux/resources/rdma", "refused"));
        assertEquals("max", first.read());
        assertEquals("max", third.read());
        assertEquals(
                "refused; the values before cannot be restored: write \"max\" to " + second.path()
                        + ": no such file or directory",
                failure.reason());
        assertEquals("/linux/resources/rdma", failure.pointer());
        assertEquals("config.json#/linux/resources/rdma: " + failure.reason(), failure.getMessage());
    }

    @Test
    void aFileThatIsMissingIsNotWrittenTo() {
        CgroupFile missing = new CgroupFile(directory, "nothing");
        assertThrows(CgroupException.class, () -> writing.write(missing, "1", FormerValue.WHOLE));
        assertEquals(Optional.empty(), writing.takeBack());
    }

    /** Whoever finds it may find the step done or not. */
    @Test
    void eachStepIsNotedBeforeItIsTaken() throws IOException {
        CgroupFile file = file("pids.max", "1");
        List<String> noted = new ArrayList<>();
        var kept = new RevocableWriting(new Journal() {
            @Override
            public void note(Path same, String value) throws CgroupException {
                noted.add(value + " while it is " + file.read());
            }

            @Override
            public void noteDevices() {}

            @Override
            public void noteManager(String properties) {}
        });
        kept.write(file, "2", FormerValue.WHOLE);
        kept.write(file, "3", FormerValue.WHOLE);
        assertEquals(List.of("1 while it is 1", "2 while it is 2"), noted);
    }

    @Test
    void whatCannotBeNotedIsNotDone() throws IOException {
        CgroupFile file = file("pids.max", "1");
        var kept = new RevocableWriting(new Journal() {
            @Override
            public void note(Path same, String value) throws CgroupException {
                throw new CgroupException("no space left on device");
            }

            @Override
            public void noteDevices() {}

            @Override
            public void noteManager(String properties) {}
        });
        assertThrows(CgroupException.class, () -> kept.write(file, "2", FormerValue.WHOLE));
        assertEquals("1", file.read());
    }

    /** Root can open such a file of a cgroup for reading, and the kernel then answers with an error. */
    @Test
    void whatCanOnlyBeWrittenIsNotRead() throws IOException {
        CgroupFile file = file("memory.reclaim", "unread");
        Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("-w-------"));
        writing.write(file, "4096", FormerValue.WHOLE);
        assertEquals(Optional.empty(), writing.takeBack());
        assertEquals(
                "4096ad",
                Files.readString(
                        Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-------"))));
    }
}
