// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.resctrl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.OwnDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On a directory that is laid out like resctrl: few processors have the real one, and no virtual machine without such a
 * processor emulates it. What the kernel does by itself, {@link #makeFiles} and {@link #takeFiles} do here.
 */
class ResctrlTest {

    private static final Optional<String> UNNAMED = Optional.empty();

    @TempDir
    Path root;

    private Resctrl resctrl;

    @BeforeEach
    void mount() throws IOException {
        resctrl = new Resctrl(root);
        Files.createDirectories(root.resolve("info"));
        Files.writeString(root.resolve("info/last_cmd_status"), "ok\n");
        makeFiles(root);
    }

    private static void makeFiles(Path group) throws IOException {
        Files.createDirectories(group.resolve("mon_groups"));
    }

    private static void takeFiles(Path group) throws IOException {
        Files.deleteIfExists(group.resolve("tasks"));
        Files.deleteIfExists(group.resolve("schemata"));
        Files.deleteIfExists(group.resolve("mon_groups"));
    }

    private ResctrlGroups groups(Optional<String> closID, boolean hasSchemata, boolean monitored) {
        return ResctrlGroups.of(resctrl, "c1", closID, hasSchemata, monitored);
    }

    private String text(String file) throws IOException {
        return Files.readString(root.resolve(file));
    }

    @Test
    void aContainerHasAClassOfItsOwnThatEndsWithIt() throws IOException {
        ResctrlGroups groups = groups(UNNAMED, true, false);
        resctrl.claim(groups);
        resctrl.make(groups, List.of("L3:0=f;1=ff", "MB:0=20"));
        resctrl.join(groups, 42);

        assertEquals("L3:0=f;1=ff\nMB:0=20\n", text("c1/schemata"));
        assertEquals("42", text("c1/tasks"));
        assertEquals(List.of(root.resolve("c1")), groups.own());
        takeFiles(root.resolve("c1"));
        Resctrl.remove(groups.own());
        assertFalse(Files.exists(root.resolve("c1")));
        Resctrl.remove(groups.own());
    }

    @Test
    void withoutASchemaItsClassHasEverything() throws IOException {
        ResctrlGroups groups = groups(UNNAMED, false, false);
        resctrl.make(groups, List.of());
        assertTrue(Files.isDirectory(root.resolve("c1")));
        assertFalse(Files.exists(root.resolve("c1/schemata")));
    }

    @Test
    void aNamedClassIsMadeIfThereIsASchemaAndStays() throws IOException {
        ResctrlGroups groups = groups(Optional.of("gold"), true, false);
        resctrl.make(groups, List.of("L3:0=f"));
        resctrl.join(groups, 7);
        assertEquals("7", text("gold/tasks"));
        assertEquals(List.of(), groups.own());
    }

    @Test
    void aNamedClassWithoutASchemaHasToBeThere() throws IOException {
        ResctrlGroups groups = groups(Optional.of("gold"), false, false);
        CgroupException refused = assertThrows(CgroupException.class, () -> resctrl.make(groups, List.of()));
        assertEquals(
                "config.json#/linux/intelRdt/closID: the class " + root.resolve("gold")
                        + " does not exist, and jrun makes one only with a schema for it",
                refused.getMessage());
        Files.createDirectory(root.resolve("gold"));
        resctrl.make(groups, List.of());
        assertFalse(Files.exists(root.resolve("gold/schemata")));
    }

    @Test
    void theDefaultClassIsTheRoot() throws IOException {
        ResctrlGroups groups = groups(Optional.of("/"), false, true);
        resctrl.make(groups, List.of());
        resctrl.join(groups, 9);
        assertEquals("9", text("tasks"));
        assertEquals("9", text("mon_groups/c1/tasks"));
        assertEquals(List.of(root.resolve("mon_groups/c1")), groups.own());
    }

    @Test
    void aMonitoredContainerIsMeasuredInItsClass() throws IOException {
        Files.createDirectory(root.resolve("gold"));
        makeFiles(root.resolve("gold"));
        ResctrlGroups groups = groups(Optional.of("gold"), false, true);
        resctrl.make(groups, List.of());
        resctrl.join(groups, 5);
        assertEquals("5", text("gold/tasks"));
        assertEquals("5", text("gold/mon_groups/c1/tasks"));
        takeFiles(root.resolve("gold/mon_groups/c1"));
        Resctrl.remove(groups.own());
        assertTrue(Files.exists(root.resolve("gold")));
        assertFalse(Files.exists(root.resolve("gold/mon_groups/c1")));
    }

    @Test
    void theGroupOfAMonitoredContainerEndsBeforeItsClass() {
        assertEquals(
                List.of(root.resolve("c1/mon_groups/c1"), root.resolve("c1")),
                groups(UNNAMED, false, true).own());
    }

    @Test
    void whatIsSomebodyElsesIsNotTaken() throws IOException {
        Files.createDirectory(root.resolve("c1"));
        CgroupException refused =
                assertThrows(CgroupException.class, () -> resctrl.claim(groups(UNNAMED, false, false)));
        assertEquals("config.json#/linux/intelRdt: " + root.resolve("c1") + " exists already", refused.getMessage());
    }

    @Test
    void theKernelsWordsArePartOfTheError() throws IOException {
        // A directory in place of a file cannot be written to.
        Files.createDirectories(root.resolve("gold/schemata"));
        Files.writeString(root.resolve("info/last_cmd_status"), "Mask out of range\n");
        CgroupException refused = assertThrows(
                CgroupException.class,
                () -> resctrl.make(groups(Optional.of("gold"), true, false), List.of("L3:0=fffffff")));
        assertTrue(
                refused.getMessage().startsWith("config.json#/linux/intelRdt/schemata: write to "),
                refused::getMessage);
        assertTrue(refused.getMessage().endsWith(" (Mask out of range)"), refused::getMessage);
    }

    @Test
    void whatARefusedMakingHasMadeIsRemovedAndNothingElse() throws IOException {
        Files.createDirectories(root.resolve("c1/mon_groups/c1"));
        Path tasks = Files.writeString(root.resolve("c1/mon_groups/c1/tasks"), "42");
        CgroupException refused =
                assertThrows(CgroupException.class, () -> resctrl.make(groups(UNNAMED, false, true), List.of()));
        assertTrue(refused.getMessage().contains("file exists"), refused::getMessage);
        assertTrue(Files.exists(tasks));

        Files.delete(tasks);
        takeFiles(root.resolve("c1/mon_groups/c1"));
        Files.delete(root.resolve("c1/mon_groups/c1"));
        takeFiles(root.resolve("c1"));
        Files.delete(root.resolve("c1"));
        // Without the kernel's mon_groups in a new class, the group in there cannot be made.
        assertThrows(CgroupException.class, () -> resctrl.make(groups(UNNAMED, false, true), List.of()));
        assertFalse(Files.exists(root.resolve("c1")));
    }

    @Test
    void itIsToldWhatWasMade() throws IOException {
        makeFiles(Files.createDirectory(root.resolve("gold")));
        ResctrlGroups groups = groups(Optional.of("gold"), false, true);
        OwnDirectories own = resctrl.make(groups, List.of());
        assertEquals(List.of(root.resolve("gold/mon_groups/c1")), own.madeAmong(groups.own()));

        takeFiles(root.resolve("gold/mon_groups/c1"));
        Files.move(root.resolve("gold/mon_groups/c1"), root.resolve("gold/mon_groups/c2"));
        Files.createDirectory(root.resolve("gold/mon_groups/c1"));
        assertEquals(List.of(), own.madeAmong(groups.own()), "another's by now");
    }

    @Test
    void isFoundWhereItIsMounted() {
        String line = "99 24 0:50 / /sys/fs/resctrl rw,relatime - resctrl resctrl rw\n";
        assertEquals(Optional.of(new Resctrl(Path.of("/sys/fs/resctrl"))), Resctrl.of(line));
        assertEquals(Optional.empty(), Resctrl.of("24 1 0:22 / /sys rw - sysfs sysfs rw\n"));
    }
}
