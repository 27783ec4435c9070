// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.OciRuntime;
import dev.jrun.cli.testing.container.RealContainers;
import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.ForeignCgroup;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Engines in namespaces that the system did not start with, where nobody has asked for them by
 * {@code JRUN_ENGINE_IDLE}: they stay as long as somebody else is there, and keep nothing from ending.
 */
class EngineCompanyIT extends RealContainers {

    private static final String JRUN =
            Path.of(System.getProperty("jrun.home")).resolve("bin/jrun").toString();

    private static final String ENGINE = "/lib/runtime/bin/java";

    /** A second, and as much again where others have the processors. */
    private static final Duration SOON = Duration.ofSeconds(2);

    /** A mount namespace with a /run of its own, in which the others are. */
    private Unshared outer;

    private final List<Unshared> places = new ArrayList<>();

    @BeforeEach
    void openPlace() throws IOException {
        Programs.need("unshare", "nsenter");
        outer = open(List.of(), "--mount");
        in(outer, "mount -t tmpfs tmpfs /run").succeeds();
        Files.createDirectory(directory.resolve("state"));
    }

    @AfterEach
    void closePlaces() {
        places.reversed().forEach(Unshared::close);
    }

    private Unshared open(List<String> prefix, String... options) {
        Unshared place = Unshared.ofShell(prefix, options);
        places.add(place);
        return place;
    }

    /** A place in the outer one. */
    private Unshared within(String... options) {
        return open(List.of("nsenter", "--mount=" + outer.file("mnt")), options);
    }

    private static Execution in(Unshared place, String script) {
        return in(place.pid(), script);
    }

    private static Execution in(long pid, String script) {
        var builder = new ProcessBuilder("nsenter", "--target", Long.toString(pid), "--all", "sh", "-c", script);
        builder.environment().remove("JRUN_ENGINE_IDLE");
        return Execution.of(builder);
    }

    private String jrun(String words) {
        return JRUN + " --root " + directory.resolve("state") + " " + words;
    }

    /** Two calls, and what tells the engine that serves after each from others. */
    private String twoCalls() {
        String which = jrun("engine status") + " | head -n 1; ";
        return jrun("list") + " > /dev/null; " + which + jrun("list") + " > /dev/null; " + which;
    }

    private static void assertIsOne(Execution twoCalls) {
        List<String> engines = twoCalls.succeeds().lines();
        assertEquals(2, engines.size(), twoCalls::toString);
        assertTrue(engines.getFirst().startsWith("running, pid "), twoCalls::toString);
        assertEquals(engines.getFirst(), engines.getLast());
    }

    /** The engines in this namespace, by what {@code /proc/PID/ns} says of it. */
    private static List<Long> engines(String file, String namespace) {
        try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
            return processes
                    .map(ProcessHandle::pid)
                    .filter(pid -> link(pid, "exe").endsWith(ENGINE))
                    .filter(pid -> link(pid, "ns/" + file).equals(namespace))
                    .toList();
        }
    }

    private static String link(long pid, String name) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/" + pid, name)).toString();
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    private static void assertNoneStays(String file, String namespace) {
        Eventually.isEqualWithin(SOON, "engines in " + namespace, List.of(), () -> engines(file, namespace));
    }

    @ParameterizedTest
    @CsvSource({
        "mnt, --mount",
        "net, --net",
        "uts, --uts",
        "ipc, --ipc",
        "cgroup, --cgroup",
        "time, --time",
        "user, --user --map-root-user",
        "pid, --pid --mount-proc",
        "net, --mount --pid --mount-proc --net --uts --ipc --cgroup"
    })
    void staysInANamespaceUntilNobodyElseIsThere(String file, String options) {
        Unshared place = within(options.split(" "));
        String namespace = place.identity(file);

        assertIsOne(in(place, twoCalls()));
        assertEquals(1, engines(file, namespace).size());

        place.close();
        assertNoneStays(file, namespace);
    }

    @Test
    void leavesWhenTheLastHasGoneElsewhere() throws IOException {
        Unshared place = within("--net");
        String namespace = place.identity("net");
        Process other = new ProcessBuilder(
                        "nsenter",
                        "--target",
                        Long.toString(place.pid()),
                        "--mount",
                        "--net",
                        "sh",
                        "-c",
                        "echo ready; read go; exec unshare --net sh -c 'echo gone; read end'")
                .start();
        try {
            other.inputReader().readLine();
            assertIsOne(in(place, twoCalls()));
            place.close();
            assertIsOne(in(other.pid(), twoCalls()));

            other.getOutputStream().write('\n');
            other.getOutputStream().flush();
            assertEquals("gone", other.inputReader().readLine());
            assertNoneStays("net", namespace);
        } finally {
            other.destroy();
        }
    }

    /** Root there is nobody but a user outside, to whom /run does not belong. */
    @Test
    void staysInAUsersNamespace() throws IOException {
        Programs.need("setpriv");
        String user = "1000";
        List<String> asUser = List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups");
        Programs.skipUnless(
                Programs.run(concatenated(asUser, List.of(JRUN, "--version"))).code() == 0,
                "the distribution is not for every user to be read");
        List<String> prefix = concatenated(List.of("nsenter", "--mount=" + outer.file("mnt")), asUser);
        assertStaysWithARuntimeDirectory(open(prefix, "--user", "--map-root-user", "--mount"), user);
    }

    @Test
    void staysInANamespaceWithMappedIds() throws IOException {
        assertStaysWithARuntimeDirectory(within("--user", "--mount").mapped(), Long.toString(Bundle.FIRST_ID));
    }

    private void assertStaysWithARuntimeDirectory(Unshared place, String user) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        String namespace = place.identity("user");
        Path runtime = directory.resolve("runtime");
        in(outer, "mkdir -m 700 %1$s; chown %2$s:%2$s %1$s".formatted(runtime, user))
                .succeeds();

        assertIsOne(in(place, "export XDG_RUNTIME_DIR=" + runtime + "; " + twoCalls()));
        assertEquals(1, engines("user", namespace).size());
        assertEquals("jrun\n", in(outer, "ls " + runtime).output());
        in(place, "export XDG_RUNTIME_DIR=%s; %s list".formatted(runtime, JRUN)).succeeds();

        place.close();
        assertNoneStays("user", namespace);
    }

    private static List<String> concatenated(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    @Test
    void leavesACgroupThatItCannotMoveOutOfWithTheLast() throws IOException {
        Path unified = new HostView.AsIs().unified();
        try (ForeignCgroup cgroup = ForeignCgroup.at(
                        List.of(unified), "/jrun-it-" + ProcessHandle.current().pid())
                .make()) {
            String enter = "echo $$ > " + cgroup.text()
                    + "/cgroup.procs; mount --bind %1$s %1$s; mount -o remount,bind,ro %1$s; ".formatted(unified);
            Unshared place = within("--mount");
            assertIsOne(in(place, enter + twoCalls()));
            Eventually.isEqualWithin(
                    SOON,
                    "processes",
                    "",
                    () -> Programs.run("cat", cgroup.text() + "/cgroup.procs").output());
            in(place, enter + "exec " + jrun("list")).succeeds();
            assertEquals(
                    "", Programs.run("cat", cgroup.text() + "/cgroup.procs").output());
        }
    }

    /** Which its owner may want to be empty, and others to remove. */
    @Test
    void leavesTheRootOfACgroupNamespaceWithTheLast() throws IOException {
        Path unified = new HostView.AsIs().unified();
        try (ForeignCgroup cgroup = ForeignCgroup.at(
                        List.of(unified), "/jrun-it-" + ProcessHandle.current().pid())
                .make()) {
            String processes = cgroup.text() + "/cgroup.procs";
            Unshared place = open(
                    List.of(
                            "nsenter",
                            "--mount=" + outer.file("mnt"),
                            "sh",
                            "-c",
                            "echo $$ > \"$0\"; exec \"$@\"",
                            processes),
                    "--cgroup");
            in(place, "echo $$ > " + processes + "; " + twoCalls()).succeeds();
            assertIsOne(in(place, "echo $$ > " + processes + "; " + twoCalls()));
            for (String process : Programs.run("cat", processes).lines()) {
                if (!Files.readSymbolicLink(Path.of("/proc/" + process + "/exe"))
                        .endsWith("bin/java")) {
                    Files.writeString(unified.resolve("cgroup.procs"), process);
                }
            }
            Eventually.isEqualWithin(
                    SOON, "processes", "", () -> Programs.run("cat", processes).output());
        }
    }

    /** What makes images mounts a root, changes to it, and unmounts it again. */
    @Test
    void keepsNoRootFromBeingUnmounted() {
        Path root = directory.resolve("root");
        Unshared place = within("--pid", "--mount", "--mount-proc");
        in(place, """
                set -e
                mkdir %1$s; mount -t tmpfs root %1$s
                for d in bin dev lib lib64 proc run sbin sys usr %2$s; do
                    mkdir -p %1$s/$d; ! [ -e /$d ] || mount --rbind /$d %1$s/$d
                done
                mkdir /run/state
                for n in 1 2; do chroot %1$s %3$s --root /run/state list > /dev/null; done
                umount -R %1$s
                """.formatted(
                        root, Path.of(JRUN).getParent().getParent().toString().substring(1), JRUN))
                .succeeds();
    }

    @Test
    void enginesAreNoCompanyForEachOther() {
        Programs.need("setpriv");
        Unshared place = within("--net");
        String namespace = place.identity("net");

        assertIsOne(in(place, twoCalls()));
        assertIsOne(in(place, "exec setpriv --groups 6 sh -c '" + twoCalls() + "'"));
        assertEquals(2, engines("net", namespace).size());

        place.close();
        assertNoneStays("net", namespace);
    }

    /** Its shim waits for it, so that nobody has to reap it. */
    @Test
    void leavesNoZombieWhereItIsAlone() throws IOException {
        Unshared place = within("--pid", "--mount-proc");
        in(place, "exec unshare --mount " + jrun("list")).succeeds();
        assertEquals("", children(place.pid()));
    }

    private static String children(long pid) throws IOException {
        return Files.readString(Path.of("/proc/%d/task/%d/children".formatted(pid, pid)));
    }

    @Test
    void keepsNoFileSystemFromBeingUnmounted() {
        Path disk = directory.resolve("disk");
        String bundle = sandbox.bundle().runs("sleep", "1000").path();
        String id = sandbox.newId();
        String own = JRUN + " --root " + disk + "/state --log " + disk + "/log ";
        in(outer, """
                set -e
                mkdir %1$s; mount -t tmpfs disk %1$s; cp -a %2$s %1$s/bundle; cd %1$s
                %3$s run --detach --bundle bundle %4$s > /dev/null < /dev/null
                for n in 1 2 3; do %3$s exec %4$s true; done
                %3$s delete --force %4$s
                cd /
                %5$s > /dev/null
                umount %1$s
                """.formatted(disk, bundle, own, id, jrun("engine status"))).succeeds();
    }

    @Test
    void keepsNoNamedNetworkNamespace() {
        Programs.need("ip");
        String name = sandbox.newId();
        in(outer, "ip netns add " + name).succeeds();
        try {
            String namespace = in(outer, "ip netns exec " + name + " readlink /proc/self/ns/net")
                    .succeeds()
                    .output()
                    .strip();
            assertIsOne(in(outer, "ip netns exec " + name + " sh -c '" + twoCalls() + "'"));
            in(outer, "ip netns del " + name).succeeds();
            assertNoneStays("net", namespace);
        } finally {
            in(outer, "ip netns del " + name + " 2> /dev/null");
        }
    }

    /** What is in a container makes containers itself, as Docker does in Docker. */
    @ParameterizedTest
    @CsvSource({"jrun, true", "jrun, false", "runc, true", "runc, false"})
    void keepsNoContainer(String runtime, boolean ownProcesses) throws IOException {
        OciRuntime outside =
                runtime.equals("jrun") ? jrun : sandbox.installed(runtime).orElseThrow();
        Bundle bundle = withJrun(sandbox.bundle()).runsScript("sleep 1000 & wait; :");
        if (!ownProcesses) {
            bundle.withoutNamespace("pid");
        }
        String id = sandbox.run(outside, bundle);
        String namespace = link(outside.state(id).get("pid").asLong(), "ns/net");

        assertIsOne(outside.call("exec", id, "/bin/sh", "-c", twoCallsInside()));
        assertEquals(1, engines("net", namespace).size());

        outside.call("kill", id, "KILL").succeeds();
        outside.awaitStatus(id, "stopped");
        outside.call("delete", id).succeeds();
        assertNoneStays("net", namespace);
    }

    private static String twoCallsInside() {
        String which = JRUN + " engine status | head -n 1; ";
        return JRUN + " list > /dev/null; " + which + JRUN + " list > /dev/null; " + which;
    }

    /** The host's libraries, which java needs, and this distribution. */
    private static Bundle withJrun(Bundle bundle) throws IOException {
        List<String> directories = new ArrayList<>(List.of("/usr", System.getProperty("jrun.home")));
        for (String name : List.of("/lib", "/lib64")) {
            if (Files.isDirectory(Path.of(name))) {
                directories.add(name);
            }
        }
        for (String name : directories) {
            bundle.with("/mounts/-", """
                    {"destination": "%1$s", "type": "bind", "source": "%1$s", "options": ["rbind", "ro"]}""".formatted(name));
        }
        return bundle.with(
                        "/mounts/-",
                        "{\"destination\": \"/run\", \"type\": \"tmpfs\", \"source\": \"tmpfs\", \"options\": [\"mode=755\"]}")
                .with("/root/readonly", "false");
    }
}
