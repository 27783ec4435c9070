// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.terminal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.host.DescriptorMessage;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.cli.testing.terminal.ConsoleListener;
import dev.jrun.cli.testing.terminal.TerminalMaster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A container's process gets a terminal of its own, whose other side goes to who listens on {@code --console-socket}.
 */
class ConsoleSocketIT extends RealContainers {

    private static final String PLACES = """
            tty; ls -ln /dev/console /dev/pts /dev/ptmx | grep -v total | sed 's/[A-Z][a-z][a-z] .* \\//\\//'
            for n in 0 1 2; do readlink /proc/self/fd/$n; done; stty -a; grep -E -o '/dev/(pts|console) .*' \
            /proc/self/mountinfo; cut -d ' ' -f 4-7 /proc/$$/stat""";

    private Bundle bundle(String script) {
        return sandbox.bundle().with("/process/terminal", "true").runsScript(script);
    }

    private ConsoleListener listen() {
        return ConsoleListener.at(directory.resolve("console-" + System.nanoTime()));
    }

    /** What its terminal shows, up to the end of the container. */
    private String shown(OciRuntime runtime, Bundle bundle) {
        String id = sandbox.newId();
        try (ConsoleListener console = listen()) {
            runtime.call("create", "--bundle", bundle.path(), "--console-socket", console.path(), id)
                    .succeeds();
            try (TerminalMaster terminal = console.terminal()) {
                runtime.call("start", id).succeeds();
                String shown = terminal.awaitEnd();
                runtime.awaitStatus(id, "stopped");
                runtime.call("delete", id).succeeds();
                return shown;
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 33", "1000, 33", "1000, 0"})
    void everythingAboutItIsAsWithRunc(long uid, int rows) {
        Programs.need("runc");
        Bundle bundle = bundle(PLACES)
                .with("/process/user", "{\"uid\": %d, \"gid\": %d}".formatted(uid, uid))
                .with("/process/capabilities/ambient", "[]")
                .with("/process/consoleSize", "{\"height\": %d, \"width\": 101}".formatted(rows));

        String expected = shown(sandbox.installed("runc").orElseThrow(), bundle);

        assertEquals(expected, shown(jrun, bundle));
        assertEquals(rows != 0, expected.contains("rows 33; columns 101"), expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jrun", "runc"})
    void itIsSentInOneMessageWithItsName(String name) {
        Programs.need(name.equals("jrun") ? "true" : name);
        OciRuntime runtime =
                name.equals("jrun") ? jrun : sandbox.installed(name).orElseThrow();
        Bundle bundle = bundle("sleep 1000").with("/process/consoleSize", "{\"height\": 5, \"width\": 7}");
        String id = sandbox.newId();
        try (ConsoleListener console = listen()) {
            runtime.call("run", "--detach", "--bundle", bundle.path(), "--console-socket", console.path(), id)
                    .succeeds();

            List<DescriptorMessage> messages = console.messages();

            assertEquals("/dev/ptmx", messages.getFirst().text());
            assertEquals(new DescriptorMessage("", 0), messages.getLast());
            try (TerminalMaster terminal = console.terminal()) {
                assertEquals("5 7", terminal.size());
            }
        }
        runtime.call("delete", "--force", id).succeeds();
    }

    @Test
    void theSocketMayBeNamedFromTheCurrentDirectory() {
        Bundle bundle = bundle("sleep 1000");
        String id = sandbox.newId();
        try (ConsoleListener console = listen()) {
            jrun.callIn(
                            directory,
                            "create",
                            "--bundle",
                            bundle.path(),
                            "--console-socket",
                            Path.of(console.path()).getFileName().toString(),
                            id)
                    .succeeds();
            console.terminal().close();
        }
        jrun.call("delete", "--force", id).succeeds();
    }

    @Test
    void whatIsTypedIsReadAndCtrlCInterrupts() {
        Bundle bundle =
                bundle("trap 'echo interrupted; exit' INT; read word; echo \"got $word\"; while :; do sleep 0.1; done");
        String id = sandbox.newId();
        try (ConsoleListener console = listen()) {
            jrun.call("run", "-d", "--bundle", bundle.path(), "--console-socket", console.path(), id)
                    .succeeds();
            try (TerminalMaster terminal = console.terminal()) {
                terminal.type("hello\n");
                terminal.awaitShown("got hello");
                terminal.type("\003");
                assertTrue(terminal.awaitEnd().endsWith("interrupted\n"), terminal::shown);
            }
        }
        jrun.call("delete", "--force", id).succeeds();
    }

    /** The kernel sends SIGHUP to the session's leader: it is the controlling terminal. */
    @Test
    void toCloseItHangsUp() {
        Bundle bundle = bundle("trap 'exit 0' HUP; echo ready; while :; do sleep 0.1; done");
        String id = sandbox.newId();
        try (ConsoleListener console = listen()) {
            jrun.call("run", "-d", "--bundle", bundle.path(), "--console-socket", console.path(), id)
                    .succeeds();
            try (TerminalMaster terminal = console.terminal()) {
                terminal.awaitShown("ready");
            }
            jrun.awaitStatus(id, "stopped");
        }
        jrun.call("delete", id).succeeds();
    }

    @Test
    void inAUserNamespaceItIsItsUsers() {
        Bundle bundle = bundle("stat -c '%u %g %a' $(tty) /dev/console; echo open > /dev/console")
                .inUserNamespace()
                .with("/process/user", "{\"uid\": 1000, \"gid\": 1000}")
                .with("/process/capabilities/ambient", "[]");

        assertEquals("1000 5 620\n1000 5 620\nopen\n", shown(jrun, bundle));
    }

    /** There, init is made by a process beside it, and what it sends says so. */
    @Test
    void inNamespacesOfOthersItIsMadeToo() {
        try (Unshared other = Unshared.open("--user", "--pid").mapped()) {
            Bundle bundle = bundle("stat -c '%u %a' $(tty) /dev/console")
                    .joining("user", other.file("user"))
                    .joining("pid", other.file("pid"));

            assertEquals("0 620\n0 620\n", shown(jrun, bundle));
        }
    }

    @Test
    void aMaskHidesTheConsoleAlone() {
        Bundle bundle = bundle("cat /dev/console; tty").with("/linux/maskedPaths", "[\"/dev/console\"]");

        assertEquals("/dev/pts/0\n", shown(jrun, bundle));
    }

    @Test
    void aDevThatIsReadOnlyHasAConsole() {
        Bundle bundle = bundle("touch /dev/file 2>/dev/null || echo kept > /dev/console")
                .with("/mounts/1", "{\"destination\": \"/dev\", \"type\": \"tmpfs\", \"options\": [\"ro\"]}");

        assertEquals("kept\n", shown(jrun, bundle));
    }

    @Test
    void aHookInTheContainerMayUseIt() {
        Bundle bundle = bundle("true").with("/hooks", """
                {"startContainer": [{"path": "/bin/sh", "args": ["sh", "-c", "echo hooked > /dev/console"]}]}""");

        assertEquals("hooked\n", shown(jrun, bundle));
    }

    @Test
    void whereNobodyListensNothingIsLeft() {
        Bundle bundle = bundle("true");
        String nowhere = directory.resolve("nowhere").toString();

        jrun.call("create", "--bundle", bundle.path(), "--console-socket", nowhere, sandbox.newId())
                .failsWith("connect to the console socket " + nowhere + ": no such file or directory");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "create        | true  | no  | cannot allocate tty if jrun will detach without setting console socket",
                "run --detach  | true  | no  | cannot allocate tty if jrun will detach without setting console socket",
                "create        | false | yes | cannot use console socket if jrun will not detach or allocate tty",
                "run           | true  | yes | cannot use console socket if jrun will not detach or allocate tty",
                "run           | false | yes | cannot use console socket if jrun will not detach or allocate tty",
                "explain       | true  | no  | cannot allocate tty if jrun will detach without setting console socket"
            })
    void whoGetsNoneOrNeedsNoneIsToldAsByRunc(String command, boolean terminal, String socket, String words) {
        Bundle bundle = bundle("true").with("/process/terminal", Boolean.toString(terminal));
        List<String> call = new ArrayList<>(List.of(command.split(" ")));
        call.addAll(List.of("--bundle", bundle.path()));
        if (socket.equals("yes")) {
            call.addAll(List.of("--console-socket", "/run/socket"));
        }
        call.add(sandbox.newId());

        jrun.call(call.toArray(String[]::new)).failsWith(words);
        if (!command.equals("explain") && Programs.find("runc").isPresent()) {
            sandbox.installed("runc")
                    .orElseThrow()
                    .call(call.toArray(String[]::new))
                    .failsWith(words.replace("jrun", "runc"));
        }
    }

    /** With no devpts there is nothing to make a terminal in; the host's is out of reach. */
    @Test
    void withoutADevptsThereIsNone() {
        Bundle bundle = bundle("true").withoutMount("devpts");

        fails(
                bundle,
                "config.json#/process/terminal: open /dev/pts, where terminals are made: no such file or directory");
    }

    @Test
    void anotherFileSystemIsNoDevpts() {
        Bundle bundle = bundle("true").withoutMount("devpts").with("/mounts/-", """
                {"destination": "/dev/pts", "type": "tmpfs"}""");

        fails(
                bundle,
                "config.json#/process/terminal: make a terminal in /dev/pts, which must be a devpts: no such device");
    }

    /** The image's own /dev, with the terminals that it asks for. */
    private Bundle withDevOfImage(String name, String target) throws IOException {
        Bundle bundle =
                bundle("true").withoutMount("tmpfs").withoutMount("mqueue").with("/root/readonly", "false");
        Files.createDirectories(bundle.rootfs().resolve("dev"));
        return bundle.link("dev/" + name, target);
    }

    /** CVE-2025-52565. */
    @ParameterizedTest
    @ValueSource(strings = {"/outside", "../outside", "/proc/self/fd/0", "pts/ptmx"})
    void aLinkInPlaceOfTheConsoleIsRefused(String target) throws IOException {
        Bundle bundle = withDevOfImage("console", target);
        Path outside = Files.writeString(bundle.rootfs().resolve("outside"), "as it was");

        fails(bundle, "config.json#/process/terminal: mount the terminal as /dev/console, where no link may be: ");

        assertEquals("as it was", Files.readString(outside));
    }

    @Test
    void aLinkInPlaceOfTheTerminalsIsRefused() throws IOException {
        Bundle bundle = withDevOfImage("pts", "/outside").withoutMount("devpts");
        Files.createDirectory(bundle.rootfs().resolve("outside"));
        Files.createFile(bundle.rootfs().resolve("outside/ptmx"));

        fails(bundle, "config.json#/process/terminal: open /dev/pts, where terminals are made: ");
    }

    @Test
    void somethingElseInPlaceOfTheMultiplexerIsRefused() throws IOException {
        Path file = Files.createFile(directory.resolve("ptmx"));
        Bundle bundle = bundle("true").with("/mounts/-", """
                {"destination": "/dev/pts/ptmx", "source": "%s", "options": ["bind"]}""".formatted(file));

        fails(bundle, "config.json#/process/terminal: make a terminal in /dev/pts: ");
    }

    /** Whoever can write to the image exchanges the console's place all the time. */
    @Test
    void theConsoleIsNeverMountedElsewhere() throws IOException, InterruptedException {
        Bundle bundle = withDevOfImage("link", "../outside");
        Path dev = bundle.rootfs().resolve("dev");
        Path outside = Files.writeString(bundle.rootfs().resolve("outside"), "as it was");
        bundle.runsScript("grep ' /outside ' /proc/self/mountinfo; cat /outside");
        var over = new AtomicBoolean();
        Thread exchange = Thread.ofPlatform().start(() -> exchange(dev.resolve("link"), dev.resolve("console"), over));
        try {
            for (int i = 0; i < 30; i++) {
                String id = sandbox.newId();
                try (ConsoleListener console = listen()) {
                    Execution run =
                            jrun.call("run", "-d", "--bundle", bundle.path(), "--console-socket", console.path(), id);
                    if (run.code() == 0) {
                        assertEquals("as it was", console.terminal().awaitEnd());
                        jrun.call("delete", "--force", id).succeeds();
                    } else {
                        run.failsWith("config.json#/process/terminal: mount the terminal as /dev/console");
                    }
                }
            }
        } finally {
            over.set(true);
            exchange.join();
        }
        assertEquals("as it was", Files.readString(outside));
    }

    private static void exchange(Path link, Path console, AtomicBoolean over) {
        Path file = link.resolveSibling("file");
        try {
            while (!over.get()) {
                Files.write(file, new byte[0]);
                Files.move(file, console, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                Files.deleteIfExists(link.resolveSibling("copy"));
                Files.createSymbolicLink(link.resolveSibling("copy"), Files.readSymbolicLink(link));
                Files.move(
                        link.resolveSibling("copy"),
                        console,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fails(Bundle bundle, String words) {
        try (ConsoleListener console = listen()) {
            jrun.call("create", "--bundle", bundle.path(), "--console-socket", console.path(), sandbox.newId())
                    .failsWith(words);
        }
    }
}
