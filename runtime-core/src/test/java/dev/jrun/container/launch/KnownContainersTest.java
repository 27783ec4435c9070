// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.container.check.CheckedConfig;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.state.ConfiguredContainer;
import dev.jrun.container.state.Records;
import dev.jrun.container.state.StateStore;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.launch.Announcement;
import dev.jrun.launch.LaunchedConfig;
import dev.jrun.launch.exec.ExecProgram;
import dev.jrun.launch.exec.ExecRequest;
import dev.jrun.launch.exec.PreparedExec;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.StateSubject;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Hooks;
import dev.jrun.spec.Process;
import dev.jrun.spec.reading.ConfigReader;
import dev.jrun.spec.reading.ProcessReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KnownContainersTest {

    private static final ContainerId ID = new ContainerId("c1");
    private static final String CONFIG = "{\"ociVersion\": \"1.0.0\", \"linux\": {\"namespaces\": []}}";
    private static final Duration LONG = Duration.ofHours(1);

    @TempDir
    Path root;

    private StateStore store;
    private Path directory;
    private final KnownContainers known = new KnownContainers(1 << 20, LONG);

    @BeforeEach
    void makeContainer() throws Exception {
        LinuxCalls.load(); // as it is in an engine that has served a call
        store = new StateStore(root);
        directory = store.directory(ID);
        store.claim(ID);
        store.write(Records.of("c1"));
        Files.writeString(directory.resolve("config.json"), CONFIG);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static PreparedExec exec() {
        Process process = ProcessReader.read(bytes("{\"args\": [\"true\"], \"cwd\": \"/\", \"env\": [\"HOME=/\"]}"))
                .value()
                .orElseThrow();
        var request = new ExecRequest(
                new StateSubject("1.0.0", "c1", Path.of("/bundle"), Annotations.NONE, Hooks.NONE),
                4711,
                process,
                ConfigReader.read(bytes(CONFIG)).value().orElseThrow().linux(),
                new CgroupEntry(Optional.empty(), List.of()),
                ExecRequest.Options.NONE,
                ExecRequest.Ending.SUPERVISED,
                ExecRequest.Keyring.OWN,
                Optional.empty(),
                Optional.empty(),
                LaunchedConfig.ALL_RIGHTS,
                Optional.empty(),
                Announcement.NONE);
        var program = new ExecProgram(request, Machine.X86_64, KernelCalls.all());
        return new PreparedExec(
                process, program.program().encoded(Machine.X86_64), program.protocol(), OptionalLong.empty());
    }

    private static KnownContainers.Key key(String word) {
        return new KnownContainers.Key(new byte[0], List.of(word));
    }

    private void keepTwice(ConfiguredContainer container, String word, PreparedExec exec) {
        known.keep(directory, container, key(word), exec);
        known.keep(directory, container, key(word), exec);
    }

    private Optional<PreparedExec> find(ConfiguredContainer container, String word) {
        return known.find(directory, container, key(word));
    }

    private ConfiguredContainer kept() throws Exception {
        ConfiguredContainer container = known.read(store, ID);
        keepTwice(container, "a", exec());
        return container;
    }

    @Test
    void whatComesTwiceIsKnownTheThirdTime() throws Exception {
        ConfiguredContainer container = known.read(store, ID);
        PreparedExec exec = exec();
        assertTrue(find(container, "a").isEmpty());
        known.keep(directory, container, key("a"), exec);
        assertTrue(find(known.read(store, ID), "a").isEmpty());
        known.keep(directory, container, key("a"), exec);

        assertSame(exec, find(known.read(store, ID), "a").orElseThrow());
        assertTrue(find(container, "b").isEmpty());
        assertTrue(known.find(directory, container, new KnownContainers.Key(new byte[1], List.of("a")))
                .isEmpty());
    }

    /** Another pid, or whatever else: the file is as long as before, and has the name that it had. */
    @Test
    void aStateThatHasChangedIsReadAnew() throws Exception {
        ConfiguredContainer before = kept();
        Path file = directory.resolve("state.json");
        var time = Files.getLastModifiedTime(file);
        String changed = Files.readString(file).replace("\"pid\":7,", "\"pid\":8,");
        Files.writeString(file, changed);
        Files.setLastModifiedTime(file, time);

        ConfiguredContainer after = known.read(store, ID);
        assertNotSame(before, after);
        assertEquals(8, after.kept().creator().pid());
        assertTrue(find(after, "a").isEmpty());
        known.keep(directory, after, key("b"), exec());
        assertTrue(find(before, "a").isEmpty());
    }

    @Test
    void aConfigurationThatHasChangedIsReadAnew() throws Exception {
        ConfiguredContainer before = kept();
        Files.writeString(directory.resolve("config.json"), CONFIG.replace("1.0.0", "1.0.1"));

        ConfiguredContainer after = known.read(store, ID);
        assertNotSame(before, after);
        assertTrue(new String(after.config().orElseThrow(), StandardCharsets.UTF_8).contains("1.0.1"));
        assertTrue(find(after, "a").isEmpty());
        Files.delete(directory.resolve("config.json"));
        assertTrue(known.read(store, ID).config().isEmpty());
    }

    @Test
    void aContainerOfTheSameIdIsAnother() throws Exception {
        ConfiguredContainer before = kept();
        store.remove(ID);
        store.claim(ID);
        store.write(Records.of("c1", Map.of("made", "later")));
        Files.writeString(directory.resolve("config.json"), CONFIG);

        ConfiguredContainer after = known.read(store, ID);
        assertNotSame(before, after);
        assertTrue(find(after, "a").isEmpty());
    }

    @Test
    void anotherRootHasOtherContainers() throws Exception {
        ConfiguredContainer container = kept();
        Path other = Files.createDirectory(root.resolve("other"));
        var otherStore = new StateStore(other);
        otherStore.claim(ID);
        for (String file : List.of("state.json", "config.json")) {
            Files.copy(
                    directory.resolve(file),
                    otherStore.directory(ID).resolve(file),
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
        assertNotSame(container, known.read(otherStore, ID));
        assertTrue(known.find(otherStore.directory(ID), container, key("a")).isEmpty());
    }

    @Test
    void nothingIsLeftOfAContainerThatIsForgotten() throws Exception {
        ConfiguredContainer container = kept();
        assertTrue(known.bytes() > 0);
        known.forget(directory);
        assertTrue(find(container, "a").isEmpty());
        assertEquals(0, known.bytes());
    }

    @Test
    void whatWasNotUsedForLongestIsForgottenFirst() throws Exception {
        ConfiguredContainer container = known.read(store, ID);
        PreparedExec exec = exec();
        for (int i = 0; i < 100; i++) {
            keepTwice(container, "w" + i, exec);
            find(container, "w0");
        }
        assertTrue(find(container, "w0").isPresent());
        assertTrue(find(container, "w99").isPresent());
        assertTrue(find(container, "w50").isEmpty());
        assertTrue(known.bytes() < 9L * exec.size() + 10_000, () -> "too much: " + known.bytes());
    }

    @Test
    void allContainersShareTheRoom() throws Exception {
        ConfiguredContainer container = known.read(store, ID);
        PreparedExec exec = exec();
        for (int i = 0; i < 100; i++) {
            Path place = Path.of("/run/c" + i);
            known.keep(place, container, key("a"), exec);
            known.keep(place, container, key("a"), exec);
            assertTrue(known.bytes() <= 1 << 20, () -> "too much: " + known.bytes());
        }
        assertTrue(known.find(Path.of("/run/c99"), container, key("a")).isPresent());
        assertTrue(known.find(Path.of("/run/c0"), container, key("a")).isEmpty());
    }

    /** A container may have annotations of megabytes. */
    @Test
    void aLargeContainerTakesNoRoomOfOthers() throws Exception {
        ConfiguredContainer container = kept();
        long before = known.bytes();
        PreparedExec exec = exec();
        var config = new CheckedConfig(ConfigReader.read(bytes(CONFIG)).value().orElseThrow(), Optional.empty());
        Optional<byte[]> large = Optional.of(new byte[2 << 20]);
        for (var other : List.of(
                new ConfiguredContainer(container.kept(), container.state(), large),
                new ConfiguredContainer(container.kept(), Optional.empty(), container.config()))) {
            Path place = Path.of("/run/large");
            known.keepConfig(place, other, config);
            known.keep(place, other, key("a"), exec);
            known.keep(place, other, key("a"), exec);
            assertTrue(known.find(place, other, key("a")).isEmpty());
            assertTrue(known.findConfig(place, other).isEmpty());
        }
        assertEquals(before, known.bytes());
        assertTrue(find(container, "a").isPresent());
    }

    @Test
    void whatNobodyWantsIsForgotten() throws Exception {
        var impatient = new KnownContainers(1 << 20, Duration.ZERO);
        ConfiguredContainer container = impatient.read(store, ID);
        impatient.keep(directory, container, key("a"), exec());
        impatient.keep(directory, container, key("a"), exec());
        assertEquals(0, impatient.bytes());
    }

    @Test
    void configurationsAreKeptForTheFewThatWereUsedLast() throws Exception {
        ConfiguredContainer read = known.read(store, ID);
        var container = new ConfiguredContainer(read.kept(), read.state(), Optional.of(new byte[64 << 10]));
        var config = new CheckedConfig(ConfigReader.read(bytes(CONFIG)).value().orElseThrow(), Optional.empty());
        var much = new KnownContainers(100 << 20, LONG);
        for (int i = 0; i < 10; i++) {
            much.keepConfig(Path.of("/run/c" + i), container, config);
        }
        assertSame(config, much.findConfig(Path.of("/run/c9"), container).orElseThrow());
        assertTrue(much.findConfig(Path.of("/run/c0"), container).isEmpty());
        assertTrue(much.findConfig(Path.of("/run/c9"), read).isEmpty());
        for (int i = 0; i < 10; i++) {
            much.forget(Path.of("/run/c" + i));
        }
        assertEquals(0, much.bytes());
    }
}
