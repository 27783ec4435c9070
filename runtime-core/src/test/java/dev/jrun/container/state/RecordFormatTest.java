// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jrun.cgroup.CgroupDirectories;
import dev.jrun.cgroup.MountRoot;
import dev.jrun.cgroup.OwnDirectories;
import dev.jrun.cgroup.OwnDirectories.OwnDirectory;
import dev.jrun.cgroup.driver.CgroupDriver;
import dev.jrun.cgroup.driver.ContainerPlaces;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.limits.UpdatedLimits;
import dev.jrun.launch.SeccompListener;
import dev.jrun.launch.netdev.DeviceAddress;
import dev.jrun.launch.netdev.MovedDevice;
import dev.jrun.spec.Annotation;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Hook;
import dev.jrun.spec.Hooks;
import dev.jrun.spec.Resources.DeviceRule;
import dev.jrun.spec.Resources.DeviceRule.Type;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFormatTest {

    private static byte[] written(ContainerRecord container) throws IOException {
        var document = new ByteArrayOutputStream();
        RecordFormat.write(container, document);
        return document.toByteArray();
    }

    private static ContainerRecord read(byte[] document) throws IOException {
        return RecordFormat.read(new ByteArrayInputStream(document));
    }

    private static ContainerRecord readAgain(ContainerRecord container) throws IOException {
        return read(written(container));
    }

    @Test
    void aContainerInTheMakingIsReadAsItWasWritten() throws Exception {
        ContainerRecord container = Records.of("c1");
        assertEquals(container, readAgain(container));
    }

    @Test
    void everyFieldIsReadAsItWasWritten() throws Exception {
        Map<String, String> annotations = new LinkedHashMap<>();
        annotations.put("z", "last\n\"quoted\" \u0000 \u20ac \ud83d\ude00");
        annotations.put("", "");
        annotations.put("a", "first");
        List<Hook> poststart = List.of(
                new Hook("/bin/a", List.of("a", "", "\"b\""), Optional.of(List.of("X=1")), OptionalLong.of(3)),
                new Hook("/b", List.of(), Optional.of(List.of()), OptionalLong.empty()));
        List<Hook> poststop = List.of(new Hook("/c", List.of(), Optional.empty(), OptionalLong.empty()));
        Hooks hooks = new Hooks(List.of(), List.of(), List.of(), List.of(), poststart, poststop);
        var description = new ContainerDescription(
                "1.0.2-dev",
                new ContainerId("A_b+c-d.e"),
                Path.of("/bündle with\nline"),
                Path.of("/images/r\"1"),
                Instant.parse("2026-11-20T23:59:59.000001Z"),
                0,
                new Annotations(annotations, List.of(Annotation.HOOKS_STDERR, Annotation.HOOKS_STDOUT)),
                hooks,
                Optional.of(new SeccompListener(Path.of("/run/agent"), Optional.of("data"))),
                false,
                false);
        var places = new ContainerPlaces(
                CgroupDriver.Kind.SYSTEMD,
                new CgroupDirectories(
                        Optional.of(Path.of("/sys/fs/cgroup/a/b")),
                        new TreeMap<>(Map.of(
                                "cpu,cpuacct", Path.of("/sys/fs/cgroup/cpu,cpuacct/a"),
                                "name=systemd", Path.of("/sys/fs/cgroup/systemd/a")))),
                List.of(Path.of("/sys/fs/resctrl/c/mon_groups/c"), Path.of("/sys/fs/resctrl/c")),
                new OwnDirectories(
                        "1d5f2d4c-2b1b-4ad0-9d3b-0a3c5f6f7a10",
                        List.of(
                                new OwnDirectory(
                                        Path.of("/sys/fs/cgroup/a/b"),
                                        Long.MAX_VALUE,
                                        true,
                                        new MountRoot(Path.of("/sys/fs/cgroup"), "27:1")),
                                new OwnDirectory(Path.of("/sys/fs/cgroup/systemd/a"), 7, false, MountRoot.UNSAID))),
                Optional.of("jrun-A_b\\x2bc-d.e.scope"),
                Optional.of("0123456789abcdef0123456789abcdef"),
                Optional.of("init/of \"a\""));
        var scope = new PidScope("1d5f2d4c-2b1b-4ad0-9d3b-0a3c5f6f7a10", "4:4026531836");
        var first = new FirstProcess(
                new ProcessIdentity(2, 1, scope),
                new TreeMap<>(Map.of(9, "nine", 10, "config.json#/process/args/0: exec sh", 1000, "")),
                List.of(
                        new MovedDevice("eth0", 7, 1L << 40, true, List.of(new DeviceAddress("192.0.2.1/24", "00ff"))),
                        new MovedDevice("eth1", 2, 0, false, List.of())));
        var container = new ContainerRecord(
                description,
                places,
                new ProcessIdentity(4_194_304, Long.MAX_VALUE, scope),
                Optional.of(first),
                new UpdatedLimits(
                        OptionalLong.of(-1),
                        Optional.of(List.of(
                                new DeviceRule(false, Type.ALL, OptionalLong.empty(), OptionalLong.empty(), "rwm"),
                                new DeviceRule(true, Type.BLOCK, OptionalLong.of(8), OptionalLong.empty(), "r"),
                                new DeviceRule(true, Type.CHARACTER, OptionalLong.of(1), OptionalLong.of(0), "rw")))));
        ContainerRecord again = readAgain(container);
        assertEquals(container, again);
        assertEquals(
                List.of("z", "", "a"),
                List.copyOf(again.description().annotations().all().keySet()));
        assertEquals(
                List.of(9, 10, 1000),
                List.copyOf(again.first().orElseThrow().startSteps().keySet()));
    }

    @Test
    void longAnnotationsAreReadAsTheyWereWritten() throws Exception {
        ContainerRecord container = Records.of(
                "c1", Map.of("<".repeat(300_000), "\ud83d\ude00".repeat(200_000), "short", "x".repeat(70_000)));
        assertEquals(container, readAgain(container));
    }

    /** They may be megabytes. */
    @Test
    void annotationsThatNobodyAsksForAreNotEvenLookedAt() throws Exception {
        ContainerRecord container = Records.of("c1", Map.of("a", "b"))
                .withFirst(new FirstProcess(Records.of("c1").creator(), new TreeMap<>(), List.of()));
        String whole = new String(written(container), StandardCharsets.UTF_8);
        assertEquals(withoutAnnotations(container), readBriefly(whole));
        assertEquals(withoutAnnotations(container), readBriefly(whole.replace("{\"a\":\"b\"}}", "{no JSON")));
    }

    private static ContainerRecord withoutAnnotations(ContainerRecord container) {
        return Records.of("c1").withFirst(container.first().orElseThrow());
    }

    private static ContainerRecord readBriefly(String document) throws IOException {
        return RecordFormat.readWithoutAnnotations(new ByteArrayInputStream(document.getBytes(StandardCharsets.UTF_8)));
    }

    /** Such a version has written annotations in the middle. */
    @Test
    void annotationsOfAnOlderVersionArePassedOver() throws Exception {
        ContainerRecord container =
                Records.of("c1").withFirst(new FirstProcess(Records.of("c1").creator(), new TreeMap<>(), List.of()));
        String text = new String(written(container), StandardCharsets.UTF_8);
        String older = text.replace(",\"annotations\":{}", "")
                .replace("\"endsWithInit\":true", "\"endsWithInit\":true,\"annotations\":{\"a\":\"b\"}");
        assertEquals(container, readBriefly(older));
        assertEquals(
                Map.of("a", "b"),
                read(older.getBytes(StandardCharsets.UTF_8))
                        .description()
                        .annotations()
                        .all());
    }

    /** Where boot_id cannot be seen, the machine may have started anew since. */
    @Test
    void inodeNumbersOfAnUnknownStartOfTheMachineSayNothing(@TempDir Path directory) throws Exception {
        long inode = (long) Files.getAttribute(directory, "unix:ino");
        OwnDirectories own =
                new OwnDirectories("unknown", List.of(new OwnDirectory(directory, inode, true, MountRoot.UNSAID)));
        ContainerRecord again = readAgain(Records.of("c1").withOwn(own));

        assertFalse(again.places().own().areKnown());
        assertEquals(own.all(), again.places().own().all());
        assertEquals(again, readAgain(again));
        CgroupDirectories paths = new CgroupDirectories(Optional.of(directory), new TreeMap<>());
        assertEquals(CgroupDirectories.NONE, again.places().own().cgroup(paths).paths());
    }

    /** Such a version took each pid for its caller's. The machine's start is that of the directories. */
    @Test
    void anOlderVersionHasNotSaidWherePidsAreOf() throws Exception {
        OwnDirectories own = new OwnDirectories("1d5f2d4c", List.of());
        String text = new String(written(Records.of("c1").withOwn(own)), StandardCharsets.UTF_8);
        String older = text.replaceFirst("\"pids\":\\{[^}]*},", "");
        assertNotEquals(text, older);
        ContainerRecord read = read(older.getBytes(StandardCharsets.UTF_8));
        assertEquals(new PidScope("1d5f2d4c", ""), read.creator().scope());
    }

    @Test
    void anOlderVersionHasNotSaidWhichDriverMadeTheCgroup() throws Exception {
        String text = new String(written(Records.of("c1")), StandardCharsets.UTF_8);
        String older = text.replaceFirst("\"cgroupDriver\":\"cgroupfs\",", "");
        assertNotEquals(text, older);
        ContainerRecord read = read(older.getBytes(StandardCharsets.UTF_8));
        assertEquals(CgroupDriver.Kind.CGROUPFS, read.places().driver());
        assertEquals(Records.of("c1"), read);
    }

    /** What a driver has made, no other can take away. */
    @Test
    void aDriverOfALaterVersionIsNotTakenForAnother() throws Exception {
        String text = new String(written(Records.of("c1")), StandardCharsets.UTF_8);
        String later = text.replaceFirst("\"cgroupfs\"", "\"another\"");
        assertNotEquals(text, later);
        IOException refused = assertThrows(IOException.class, () -> read(later.getBytes(StandardCharsets.UTF_8)));
        assertEquals(
                "not a container's state: its cgroup was made by the driver \"another\", which this version does not have",
                refused.getMessage());
    }

    @Test
    void aFieldOfALaterVersionIsSkipped() throws Exception {
        String text = new String(written(Records.of("c1")), StandardCharsets.UTF_8);
        String later = text.replaceFirst("\\{", "{\"new\": {\"a\": [1, {\"id\": \"c2\"}]}, ");
        assertEquals(Records.of("c1"), read(later.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "{\"id\": \"c1\"}",
                "{\"owner\": \"x\"}",
                "{\"created\": 1",
                "{\"resctrl\": \"x\"}",
                "\u0000"
            })
    void somethingElseIsNoState(String text) {
        assertThrows(IOException.class, () -> read(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void halfAStateIsNone() throws Exception {
        byte[] whole = written(Records.of("c1", Map.of("a", "b")));
        for (int length = 0; length < whole.length; length++) {
            byte[] part = java.util.Arrays.copyOf(whole, length);
            assertThrows(IOException.class, () -> read(part), () -> new String(part, StandardCharsets.UTF_8));
        }
    }
}
