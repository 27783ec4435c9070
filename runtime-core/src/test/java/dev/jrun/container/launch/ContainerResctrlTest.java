// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.driver.ContainerPlaces;
import dev.jrun.cgroup.resctrl.Resctrl;
import dev.jrun.cgroup.writing.RevocableWriting;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.spec.Linux.IntelRdt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On a directory that is laid out like resctrl, which few processors have. A plain file keeps what is written to it.
 */
class ContainerResctrlTest {

    private static final String BEFORE = "    MB:0=100\n    L3:0=fffff";

    @TempDir
    Path root;

    private final RevocableWriting writing = new RevocableWriting();

    @BeforeEach
    void layOut() throws IOException {
        Files.createDirectories(root.resolve("info"));
        Files.createDirectories(root.resolve("c1"));
        Files.writeString(root.resolve("info/last_cmd_status"), "Unknown or unsupported resource name 'L4'\n");
    }

    private ContainerResctrl control(Optional<String> closID, String l3, String bandwidth) throws Exception {
        var rdt = new IntelRdt(closID, List.of(), Optional.of(l3), Optional.of(bandwidth), false);
        return ContainerResctrl.of(new Resctrl(root), rdt, ContainerId.of("c1"));
    }

    /** The kernel takes whole lines alone, and gives them with white space before them. */
    @Test
    void theClassOfAContainerIsChangedAndPutBack() throws Exception {
        Path schemata = Files.writeString(root.resolve("c1/schemata"), BEFORE + "\n");
        control(Optional.empty(), "L3:0=f", "MB:0=20").writeSchemata(writing);
        assertEquals("L3:0=f\nMB:0=20", Files.readString(schemata).substring(0, 14));
        assertEquals(Optional.empty(), writing.takeBack());
        assertEquals(
                BEFORE.strip() + "\n",
                Files.readString(schemata).substring(0, BEFORE.strip().length() + 1));
    }

    @Test
    void aClassThatHasANameIsChangedAsWell() throws Exception {
        Files.createDirectories(root.resolve("gold"));
        Path schemata = Files.writeString(root.resolve("gold/schemata"), BEFORE + "\n");
        control(Optional.of("gold"), "L3:0=3", "MB:0=10").writeSchemata(writing);
        assertEquals("L3:0=3\nMB:0=10", Files.readString(schemata).substring(0, 14));
    }

    @Test
    void aClassThatWasNotMadeForTheContainerIsNotChanged() throws Exception {
        ContainerResctrl made = control(Optional.of("silver"), "L3:0=3", "MB:0=10");
        ContainerPlaces places = ContainerPlaces.NONE.with(made.make());
        made.checkIsOwn(places);

        Files.createDirectories(root.resolve("gold"));
        ContainerResctrl other = control(Optional.of("gold"), "L3:0=3", "MB:0=10");
        CgroupException refused = assertThrows(CgroupException.class, () -> other.checkIsOwn(places));
        assertEquals(
                "the class of service " + root.resolve("gold")
                        + " was not made for this container, so others may be in it",
                refused.reason());

        Files.move(root.resolve("silver"), root.resolve("moved"));
        Files.createDirectories(root.resolve("silver"));
        assertThrows(CgroupException.class, () -> made.checkIsOwn(places));
    }

    @Test
    void whatTheKernelSaysOfARefusalIsSaid() throws Exception {
        ContainerResctrl control = control(Optional.empty(), "L4:0=f", "MB:0=20");
        CgroupException refused = assertThrows(CgroupException.class, () -> control.writeSchemata(writing));
        assertEquals("/linux/intelRdt", refused.pointer());
        assertEquals(
                "read " + root.resolve("c1/schemata")
                        + ": no such file or directory (Unknown or unsupported resource name 'L4')",
                refused.reason());
    }
}
