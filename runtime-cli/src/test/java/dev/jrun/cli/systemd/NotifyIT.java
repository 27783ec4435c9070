// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.cli.testing.notify.ServiceManagerSocket;
import dev.jrun.cli.testing.notify.ServiceManagerSocket.Notification;
import dev.jrun.cli.testing.terminal.Screen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * {@code NOTIFY_SOCKET}: what a service manager, such as systemd with a unit of {@code Type=notify}, learns of a
 * container; beside runc and crun.
 */
class NotifyIT extends RealContainers {

    /** Sends each argument in a datagram of its own; with a descriptor, if that is what the first one says. */
    private static final String SAY = """
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <sys/socket.h>
            #include <sys/un.h>
            int main(int argc, char **argv) {
                struct sockaddr_un address = {.sun_family = AF_UNIX};
                strncpy(address.sun_path, getenv("NOTIFY_SOCKET"), sizeof address.sun_path - 1);
                int s = socket(AF_UNIX, SOCK_DGRAM, 0), descriptor = 0, first = 1, times = 1;
                if (argc > 1 && !strcmp(argv[1], "--descriptor")) descriptor = 1, first = 2;
                if (argc > 2 && !strcmp(argv[1], "--times")) times = atoi(argv[2]), first = 3;
                for (int n = 0; n < times; n++)
                    for (int i = first; i < argc; i++) {
                        char control[CMSG_SPACE(sizeof(int))] = {0};
                        struct iovec part = {argv[i], strlen(argv[i])};
                        struct msghdr message = {.msg_name = &address, .msg_namelen = sizeof address,
                            .msg_iov = &part, .msg_iovlen = 1};
                        if (descriptor) {
                            message.msg_control = control;
                            message.msg_controllen = sizeof control;
                            struct cmsghdr *head = CMSG_FIRSTHDR(&message);
                            head->cmsg_level = SOL_SOCKET;
                            head->cmsg_type = SCM_RIGHTS;
                            head->cmsg_len = CMSG_LEN(sizeof(int));
                            memcpy(CMSG_DATA(head), &(int){0}, sizeof(int));
                        }
                        if (sendmsg(s, &message, 0) < 0) {
                            perror("sendmsg");
                            return 1;
                        }
                    }
                return 0;
            }
            """;

    @TempDir
    static Path tools;

    private ServiceManagerSocket manager;
    private Path shared;

    @BeforeAll
    static void compile() throws IOException {
        Programs.need("musl-gcc");
        Path source = Files.writeString(tools.resolve("say.c"), SAY);
        Programs.run("musl-gcc", "-static", "-o", tools.resolve("say").toString(), source.toString());
    }

    @BeforeEach
    void listen() throws IOException {
        manager = ServiceManagerSocket.at(directory.resolve("manager"));
        shared = Files.createDirectory(directory.resolve("shared"));
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private Bundle bundle(String script) {
        return sandbox.bundle()
                .runsScript(script)
                .with("/mounts/-", """
                        {"destination": "/shared", "source": "%s", "options": ["bind"]}""".formatted(shared))
                .with("/mounts/-", """
                        {"destination": "/bin/say", "source": "%s", "options": ["bind", "ro"]}""".formatted(tools.resolve("say")));
    }

    /** Says so when it is told to. */
    private Bundle readyWhenTold() {
        return bundle("until [ -e /shared/go ]; do sleep 0.01; done; say READY=1; exec sleep 1000");
    }

    private void tellContainer() throws IOException {
        Files.createFile(shared.resolve("go"));
    }

    private OciRuntime runtime(String name) {
        if (!name.equals("jrun")) {
            Programs.need(name);
        }
        OciRuntime runtime =
                name.equals("jrun") ? jrun : sandbox.installed(name).orElseThrow();
        return runtime.behind("env", manager.variable());
    }

    private Execution.Started start(OciRuntime runtime, String... arguments) {
        return runtime.start(Path.of("/dev/null"), arguments);
    }

    /** All lines of the messages up to one with MAINPID. */
    private List<String> readiness(long sender) {
        List<String> lines = new ArrayList<>();
        while (lines.isEmpty() || !lines.getLast().startsWith("MAINPID=")) {
            Notification next = manager.next();
            assertEquals(sender, next.sender(), next::text);
            lines.addAll(next.text().lines().toList());
        }
        return lines;
    }

    private static void assertWaits(Execution.Started call) {
        assertTrue(call.process().isAlive(), "it waits");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jrun", "runc"})
    void aDetachedRunEndsWhenTheContainerIsReady(String name) throws IOException {
        OciRuntime runtime = runtime(name);
        String id = sandbox.newId();
        Execution.Started call =
                start(runtime, "run", "--detach", "--bundle", readyWhenTold().path(), id);
        Eventually.isTrue("it runs", () -> runtime.call("state", id).output().contains("running"));
        assertWaits(call);

        tellContainer();

        assertEquals(
                List.of("READY=1", "MAINPID=" + runtime.state(id).get("pid").asText()), readiness(call.pid()));
        call.await().succeeds();
        assertEquals("running", runtime.status(id));
        runtime.call("delete", "--force", id).succeeds();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jrun", "runc"})
    void startEndsWhenTheContainerIsReady(String name) throws IOException {
        OciRuntime runtime = runtime(name);
        String id = sandbox.newId();
        runtime.call("create", "--bundle", readyWhenTold().path(), id).succeeds();
        Execution.Started call = start(runtime, "start", id);
        Eventually.isTrue("it runs", () -> runtime.status(id).equals("running"));
        assertWaits(call);

        tellContainer();

        assertEquals(
                List.of("READY=1", "MAINPID=" + runtime.state(id).get("pid").asText()), readiness(call.pid()));
        call.await().succeeds();
        runtime.call("delete", "--force", id).succeeds();
    }

    /** The runtime itself is what the manager has started. */
    @ParameterizedTest
    @ValueSource(strings = {"jrun", "runc"})
    void aRunInTheForegroundSaysItOfItself(String name) throws IOException {
        OciRuntime runtime = runtime(name);
        String id = sandbox.newId();
        Bundle bundle =
                bundle("trap 'exit 7' TERM; until [ -e /shared/go ]; do sleep 0.01; done; say READY=1; while :; do"
                        + " sleep 0.1; done");
        Execution.Started call = start(runtime, "run", "--bundle", bundle.path(), id);
        tellContainer();

        assertEquals(List.of("READY=1", "MAINPID=" + call.pid()), readiness(call.pid()));
        assertWaits(call);

        call.process().destroy();
        assertEquals(7, call.await().code());
    }

    /** crun sends no MAINPID. It makes no containers where there are both versions of cgroups. */
    @Test
    void crunSaysNoMore() {
        try (HostView view = HostView.isUnifiedOnly() ? new HostView.AsIs() : HostView.UnifiedOnly.open()) {
            OciRuntime installed = runtime("crun");
            List<String> prefix = new ArrayList<>(view.prefix());
            prefix.addAll(installed.prefix());
            crunSaysNoMore(new OciRuntime(installed.name(), prefix, installed.program(), installed.root()));
        }
    }

    private void crunSaysNoMore(OciRuntime crun) {
        String id = sandbox.newId();
        Bundle bundle = bundle("say READY=1; exec sleep 1000")
                .with("/ociVersion", "\"1.0.2\"")
                .with("/linux/resources", "{}");
        Execution.Started call = start(crun, "run", "--bundle", bundle.path(), id);

        assertEquals(new Notification("READY=1", (int) call.pid()), manager.next());

        crun.call("kill", id, "KILL").succeeds();
        call.await();
    }

    /** runc keeps them until the container is ready, and waits for ever if it ends before. */
    @Test
    void signalsAreSentOnBeforeItIsReady() {
        String id = sandbox.newId();
        Bundle bundle = bundle("trap 'exit 9' USR1; trap 'echo hung up' HUP; echo begun; while :; do sleep 0.1; done");
        Execution.Started call = start(runtime("jrun"), "run", "--bundle", bundle.path(), id);
        Eventually.isTrue("it has begun", () -> call.outputSoFar().contains("begun"));

        Programs.run("kill", "-HUP", Long.toString(call.pid()));
        Eventually.isTrue("it got it", () -> call.outputSoFar().contains("hung up"));
        Programs.run("kill", "-USR1", Long.toString(call.pid()));

        assertEquals(9, call.await().code());
        assertEquals(List.of(), manager.rest());
    }

    @Test
    void whatEndsBeforeItIsReadyIsNotSaidToBe() {
        OciRuntime runtime = runtime("jrun");
        String id = sandbox.newId();

        assertEquals(
                3,
                runtime.call("run", "--bundle", bundle("exit 3").path(), sandbox.newId())
                        .code());
        runtime.call("run", "--detach", "--bundle", bundle("exit 3").path(), id).succeeds();

        runtime.awaitStatus(id, "stopped");
        runtime.call("delete", id).succeeds();
        assertEquals(List.of(), manager.rest());
    }

    @Test
    void onlyThatIsSaid() {
        String id = sandbox.newId();
        Bundle bundle = bundle("""
                say MAINPID=1 READY=0 READY=12 XREADY=1 STOPPING=1 WATCHDOG=trigger READY=1x ' READY=1' '' \
                    "$(printf 'STATUS=READY=1\\nSTOPPING=1')"
                say --descriptor FDSTORE=1 BARRIER=1
                say "$(printf 'STATUS=begun\\nREADY=1\\nMAINPID=1\\nFDSTORE=1\\n')"
                echo said
                exec sleep 1000""");

        Execution.Started call = start(runtime("jrun"), "run", "--detach", "--bundle", bundle.path(), id);

        assertEquals(new Notification("READY=1\nMAINPID=" + pid(id), (int) call.pid()), manager.next());
        call.await().succeeds();
        assertEquals(
                List.of("BARRIER=1"),
                manager.rest().stream().map(Notification::text).toList());
    }

    private String pid(String id) {
        Eventually.isTrue("it runs", () -> jrun.call("state", id).output().contains("running"));
        return jrun.state(id).get("pid").asText();
    }

    /** It would keep its own manager busy. */
    @ParameterizedTest
    @ValueSource(strings = {"run", "run --detach"})
    void whoSaysTooMuchIsNotListenedToAnyMore(String command) {
        String id = sandbox.newId();
        Bundle bundle =
                bundle("say --times 100000 $(yes STATUS=much | head -c 4000 | tr '\\n' '-'); say READY=1; exit 5");
        List<String> words = new ArrayList<>(List.of(command.split(" ")));
        words.addAll(List.of("--bundle", bundle.path(), id));

        Execution run = runtime("jrun").call(words.toArray(String[]::new));

        assertEquals(command.equals("run") ? 5 : 0, run.code(), run::toString);
        assertEquals(List.of(), manager.rest());
    }

    @Test
    void theContainerCannotChangeWhereItSaysIt() {
        Bundle bundle = bundle("""
                echo $NOTIFY_SOCKET; stat -c %a /run/notify $NOTIFY_SOCKET; rm $NOTIFY_SOCKET; touch /run/notify/x
                grep ' /run/notify ' /proc/self/mountinfo | cut -d ' ' -f 6""");

        Execution run = runtime("jrun").call("run", "--bundle", bundle.path(), sandbox.newId());

        List<String> lines = run.lines();
        assertEquals(List.of("/run/notify/notify.sock", "755", "777"), lines.subList(0, 3));
        for (String option : List.of("ro", "nosuid", "nodev", "noexec")) {
            assertTrue(List.of(lines.getLast().split(",")).contains(option), lines::getLast);
        }
        assertEquals(
                2,
                run.errors().lines().filter(line -> line.contains("Read-only")).count(),
                run::errors);
    }

    @Test
    void inAUserNamespaceAnyUserMaySayIt() throws IOException {
        String id = sandbox.newId();
        Bundle bundle = readyWhenTold().inUserNamespace().with("/process/user", "{\"uid\": 1000, \"gid\": 1000}");
        Programs.run("chown", "-R", Bundle.FIRST_ID + ":" + Bundle.FIRST_ID, bundle.path());
        Execution.Started call = start(runtime("jrun"), "run", "--detach", "--bundle", bundle.path(), id);
        tellContainer();

        assertEquals(List.of("READY=1", "MAINPID=" + pid(id)), readiness(call.pid()));
        call.await().succeeds();
    }

    /** Nobody has written that mount into a configuration. */
    @Test
    void aPlaceThatCannotBeMadeIsSaidToBeForIt() {
        Bundle bundle = sandbox.bundle().runs("true").inUserNamespace();

        runtime("jrun")
                .call("run", "--bundle", bundle.path(), sandbox.newId())
                .failsWith("on /run/notify: permission denied (no mount of config.json's, but made for NOTIFY_SOCKET");
    }

    /** Its path is longer than {@code sun_path} of unix(7). */
    @Test
    void theStateMayBeFarBelow() throws IOException {
        Path root = directory.resolve("x".repeat(120));
        OciRuntime runtime = new OciRuntime("jrun", runtime("jrun").prefix(), jrun.program(), root);
        String id = sandbox.newId();

        runtime.call(
                        "run",
                        "--detach",
                        "--bundle",
                        bundle("say READY=1; exec sleep 1000").path(),
                        id)
                .succeeds();

        assertTrue(manager.next().text().startsWith("READY=1\n"));
        runtime.call("delete", "--force", id).succeeds();
        assertFalse(Files.exists(root.resolve(id)));
    }

    @Test
    void aConfigurationThatNamesASocketItselfIsLeftAlone() {
        String id = sandbox.newId();
        Bundle bundle = bundle("echo $NOTIFY_SOCKET; [ -e /run/notify ] || echo nothing mounted")
                .with("/process/env/-", "\"NOTIFY_SOCKET=/shared/own\"");

        Execution run = runtime("jrun").call("run", "--bundle", bundle.path(), id);

        assertEquals("/shared/own\nnothing mounted\n", run.succeeds().output());
    }

    @Test
    void aManagerThatIsGoneKeepsNobody() {
        OciRuntime runtime = jrun.behind("env", "NOTIFY_SOCKET=" + directory.resolve("nobody"));
        String id = sandbox.newId();

        assertEquals(
                4,
                runtime.call("run", "--bundle", bundle("say READY=1; exit 4").path(), sandbox.newId())
                        .code());
        runtime.call(
                        "run",
                        "--detach",
                        "--bundle",
                        bundle("say READY=1; exec sleep 1000").path(),
                        id)
                .succeeds();
    }

    /** The engine is not needed any more. */
    @Test
    void theEngineMayEndMeanwhile() throws IOException {
        String id = sandbox.newId();
        Execution.Started call = start(
                runtime("jrun"), "run", "--detach", "--bundle", readyWhenTold().path(), id);
        String pid = pid(id);
        String status = jrun.call("engine", "status").succeeds().output();
        ProcessHandle engine = ProcessHandle.of(Long.parseLong(status.replaceAll("(?s).*\\bpid (\\d+).*", "$1")))
                .orElseThrow();
        engine.destroyForcibly();
        engine.onExit().join();

        tellContainer();

        assertEquals(List.of("READY=1", "MAINPID=" + pid), readiness(call.pid()));
        call.await().succeeds();
        assertEquals("running", jrun.status(id));
    }

    @Test
    void whoWaitsCanBeEndedAndTheContainerStays() {
        for (String command : List.of("run", "start")) {
            String id = sandbox.newId();
            OciRuntime runtime = runtime("jrun");
            String bundle = readyWhenTold().path();
            Execution.Started call;
            if (command.equals("run")) {
                call = start(runtime, "run", "--detach", "--bundle", bundle, id);
            } else {
                runtime.call("create", "--bundle", bundle, id).succeeds();
                call = start(runtime, "start", id);
            }
            pid(id);

            call.process().destroy();

            assertEquals(128 + 15, call.await().code());
            assertEquals("running", jrun.status(id));
            jrun.call("delete", "--force", id).succeeds();
        }
    }

    /** The relay has something else to do, so it is another process that waits, and says it in the relay's name. */
    @Test
    void withATerminalInTheForegroundItIsSaidToo() throws IOException {
        String id = sandbox.newId();
        Bundle bundle = bundle(
                        "echo begun; until [ -e /shared/go ]; do sleep 0.01; done; say READY=1; read word; echo got $word")
                .with("/process/terminal", "true");
        try (Screen screen = Screen.open(directory)) {
            screen.enter(String.join(" ", runtime("jrun").words("run", "--bundle", bundle.path(), id)))
                    .await("begun");
            tellContainer();
            ProcessHandle shim = screen.processes("memfd:jrun").getFirst();

            assertEquals(List.of("READY=1", "MAINPID=" + shim.pid()), readiness(shim.pid()));

            Eventually.isTrue(
                    "nobody waits any more",
                    () -> screen.processes("memfd:jrun").equals(List.of(shim)));
            screen.enter("hello").await("got hello").awaitLast("shell>");
        }
    }

    /** Without a pid namespace, those of the container are the shim's. */
    @Test
    void orphansThatEndWhileItWaitsAreReaped() throws IOException {
        Path orphan = shared.resolve("orphan");
        String id = sandbox.newId();
        Bundle bundle = bundle("(sleep 0.1 & echo $! > /shared/orphan); exec sleep 1000")
                .withoutNamespace("pid");
        Execution.Started call = start(runtime("jrun"), "run", "--bundle", bundle.path(), id);
        Eventually.isTrue("there is an orphan", () -> size(orphan) > 0);
        Path process = Path.of("/proc", Files.readString(orphan).strip());

        Eventually.isTrue("it is gone", () -> Files.notExists(process));

        assertWaits(call);
        jrun.call("kill", id, "KILL").succeeds();
        assertEquals(128 + 9, call.await().code());
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException none) {
            return 0;
        }
    }
}
