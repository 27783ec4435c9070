// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonFactory;
import com.kenai.jffi.Type;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.embedded.TestHost;
import dev.jrun.container.lifecycle.ContainerExistsException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.InvalidConfigException;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.container.lifecycle.NotExecutableException;
import dev.jrun.container.lifecycle.NotRunningException;
import dev.jrun.container.lifecycle.PausedException;
import dev.jrun.container.lifecycle.Status;
import dev.jrun.container.lifecycle.WrongStatusException;
import dev.jrun.embedding.Containers;
import dev.jrun.embedding.StandardStreams;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jnr.ffi.LibraryLoader;
import org.freedesktop.dbus.messages.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

/** Containers from Java, without an engine and a command line; and the example of a program that has some. */
class EmbeddingIT {

    private static final Path EXAMPLE = Path.of("../docs/examples/RunBundle.java");

    private static final String NATIVE_LIBRARY = "-Djffi.boot.library.path=" + TestHost.HOME.resolve("lib/native");

    /** As the example says, with an installed distribution. */
    private static final List<String> ON_THE_CLASS_PATH = List.of(
            "--enable-native-access=ALL-UNNAMED",
            NATIVE_LIBRARY,
            "--class-path",
            TestHost.HOME.resolve("lib/jrun.jar").toString());

    /** As {@code docs/embedding.md} says, with the library and what it requires. */
    private static final List<String> ON_THE_MODULE_PATH = List.of(
            "--enable-native-access=org.jnrproject.jffi",
            NATIVE_LIBRARY,
            "-Djnr.ffi.asm.enabled=false",
            "--add-modules=dev.jrun.runtime",
            "--module-path",
            places(Containers.class, JsonFactory.class, LibraryLoader.class, Type.class, Message.class, Logger.class));

    private static final ContainerId ID = new ContainerId("hello");

    private static String places(Class<?>... types) {
        return Stream.of(types)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(URL::getPath)
                .collect(Collectors.joining(File.pathSeparator));
    }

    @TempDir
    Path scratch;

    private TestHost machine;
    private Containers containers;

    @BeforeEach
    void claim() throws IOException {
        machine = TestHost.claim(scratch);
        containers = new Containers(TestHost.HOME, scratch.resolve("state"));
    }

    @AfterEach
    void release() throws IOException {
        if (machine != null) {
            try {
                assertEquals(Set.of(), machine.lastingLeftovers(scratch.resolve("state")));
            } finally {
                machine.close();
            }
        }
    }

    private Path bundle(String... program) throws IOException {
        return Bundle.bare(scratch.resolve("bundle"))
                .inCgroup(machine.cgroupsPath("embedded"))
                .runs(program)
                .directory();
    }

    private record Result(int code, String output) {}

    private Result runExample(List<String> options, Path bundle) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.addAll(options);
        command.add(EXAMPLE.toString());
        command.add(TestHost.HOME.toString());
        command.add(scratch.resolve("state").toString());
        command.add(ID.text());
        command.add(bundle.toString());
        Path output = scratch.resolve("output");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new Result(process.waitFor(), Files.readString(output));
    }

    @Test
    void theExampleSaysHowItsContainerHasEnded() throws Exception {
        Path bundle = bundle("sh", "-c", "echo from inside; exit 7");
        assertEquals(
                new Result(7, "from inside\nhello has ended with exit code 7\n"),
                runExample(ON_THE_CLASS_PATH, bundle));
    }

    @Test
    void theExampleSeesNothingOfTheLibraryButItsFaceOnTheModulePath() throws Exception {
        Path bundle = bundle("sh", "-c", "exit 8");
        assertEquals(new Result(8, "hello has ended with exit code 8\n"), runExample(ON_THE_MODULE_PATH, bundle));
    }

    @Test
    void theExampleHandlesTwoExceptions() throws Exception {
        Path bundle = bundle("no-such-program");
        assertEquals(
                new Result(
                        127,
                        "The bundle's program cannot be executed: config.json#/process/args/0: exec:"
                                + " \"no-such-program\": executable file not found in $PATH:"
                                + " no such file or directory\n"),
                runExample(ON_THE_CLASS_PATH, bundle));
        containers.create(
                ID,
                Bundle.bare(scratch.resolve("other"))
                        .inCgroup(machine.cgroupsPath("other"))
                        .runs("true")
                        .directory());
        assertEquals(
                new Result(125, "There is a container hello already: take another id, or delete it.\n"),
                runExample(ON_THE_CLASS_PATH, bundle));
        containers.delete(ID);
    }

    @Test
    void aContainerGoesThroughItsLife() throws Exception {
        Path output = scratch.resolve("output");
        Containers quiet = containers.with(StandardStreams.to(output));
        Path bundle = bundle("sleep", "1000");
        quiet.create(ID, bundle);
        assertEquals(Status.CREATED, containers.state(ID).status());
        assertEquals(bundle, containers.state(ID).bundle());
        containers.start(ID);
        assertEquals(List.of(ID), containers.ids());
        assertEquals(3, quiet.exec(ID, List.of("sh", "-c", "echo executed; exit 3")));
        assertEquals("executed\n", Files.readString(output));
        assertEquals(List.of((int) containers.state(ID).pid().orElseThrow()), containers.pids(ID));
        containers.pause(ID);
        assertEquals(Status.PAUSED, containers.state(ID).status());
        containers.resume(ID);
        containers.update(ID, "{\"pids\": {\"limit\": 100}}");
        containers.kill(ID, "KILL");
        containers.destroy(ID);
        containers.destroy(ID);
    }

    @Test
    void whatKeepsAnOperationFromBeingDoneHasAType() throws Exception {
        Path bundle = bundle("sleep", "1000");
        containers.create(ID, bundle);
        assertThrows(ContainerExistsException.class, () -> containers.create(ID, bundle));
        assertThrows(WrongStatusException.class, () -> containers.resume(ID));
        containers.start(ID);
        assertThrows(WrongStatusException.class, () -> containers.start(ID));
        assertThrows(WrongStatusException.class, () -> containers.delete(ID));
        assertThrows(NotExecutableException.class, () -> containers.exec(ID, List.of("no-such-program")));
        assertThrows(InvalidConfigException.class, () -> containers.update(ID, "{\"pids\": 5}"));
        containers.pause(ID);
        assertThrows(PausedException.class, () -> containers.exec(ID, List.of("true")));
        assertThrows(PausedException.class, () -> containers.pause(ID));
        containers.destroy(ID);
        assertThrows(NoSuchContainerException.class, () -> containers.state(ID));
        Path broken = Bundle.bare(scratch.resolve("broken"))
                .inCgroup(machine.cgroupsPath("broken"))
                .runs("broken")
                .directory();
        assertThrows(NotExecutableException.class, () -> containers.create(ID, broken));
        Path program = Files.writeString(broken.resolve("rootfs/bin/broken"), "of no format");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        containers.create(ID, broken);
        assertThrows(NotExecutableException.class, () -> containers.start(ID));
        assertThrows(NotRunningException.class, () -> containers.exec(ID, List.of("true")));
        assertThrows(NotRunningException.class, () -> containers.kill(ID, "TERM"));
        containers.delete(ID);
    }

    @Test
    void aConfigurationThatIsWrongIsRefused() throws Exception {
        Path bundle = bundle("true");
        Files.writeString(bundle.resolve("config.json"), "{}");
        assertThrows(InvalidConfigException.class, () -> containers.run(ID, bundle));
    }
}
