// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.ForeignCgroup;
import dev.jrun.cli.testing.host.HostView;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.kernel.Capability;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Prctl;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.Syscall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an engine has of the caller that starts it, and leaves to it, in namespaces where no other engine serves. */
class EngineLifeIT {

    private static final String JRUN =
            Path.of(System.getProperty("jrun.home")).resolve("bin/jrun").toString();

    @TempDir
    Path directory;

    private Unshared place;
    private boolean ownProcesses;

    @BeforeAll
    static void needContainers() {
        Programs.needContainers();
    }

    private void open(String... options) throws IOException {
        Files.createDirectory(directory.resolve("state"));
        place = Unshared.open(options);
        ownProcesses = List.of(options).contains("--pid");
        shell("mount -t tmpfs tmpfs /run").succeeds();
    }

    @AfterEach
    void close() {
        shell(JRUN + " engine stop");
        place.close();
    }

    private Execution shell(String script) {
        return Execution.of(process(script));
    }

    private ProcessBuilder process(String script) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--mount=" + place.file("mnt")));
        if (ownProcesses) {
            command.add("--pid=" + place.file("pid"));
        }
        command.addAll(List.of("sh", "-c", script));
        var builder = new ProcessBuilder(command);
        builder.environment().remove("JRUN_ENGINE_IDLE");
        return builder;
    }

    private String jrun(String words) {
        return JRUN + " --root " + directory.resolve("state") + " " + words;
    }

    private static String staying(String call) {
        return "JRUN_ENGINE_IDLE=60 " + call;
    }

    /** The pid of the engine that serves, in the namespace of the tests. */
    private long engine() {
        Eventually.isTrue("an engine serves", () -> shell(jrun("engine status")).code() == 0);
        String status = shell(jrun("engine status")).succeeds().output();
        return Long.parseLong(status.replaceAll("(?s).*pid (\\d+).*", "$1"));
    }

    @Test
    void theFirstCallersLimitsAreNotTheEngines() throws IOException {
        open("--mount");
        shell("ulimit -S -t 100; ulimit -S -f 100; ulimit -S -n 20; " + staying(jrun("list")))
                .succeeds();
        String limits = Files.readString(Path.of("/proc/" + engine() + "/limits"));
        assertTrue(limits.matches("(?s).*Max cpu time +unlimited.*"), limits);
        assertTrue(limits.matches("(?s).*Max file size +unlimited.*"), limits);
        assertTrue(limits.matches("(?s).*Max open files +([0-9]{4,}) +\\1.*"), limits);
    }

    @Test
    void anEngineThatHasToKeepThemServesNobodyElse() throws IOException {
        open("--mount");
        shell("ulimit -t 1000; " + staying(jrun("list"))).succeeds();
        if (Programs.has(Capability.CAP_SYS_RESOURCE)) {
            String limits = Files.readString(Path.of("/proc/" + engine() + "/limits"));
            assertTrue(limits.matches("(?s).*Max cpu time +unlimited +unlimited.*"), limits);
        } else {
            assertEquals(1, shell(jrun("engine status")).code());
            shell(staying(jrun("list"))).succeeds();
            engine();
        }
    }

    @Test
    void anEngineServesNobodyWithOtherGroups() throws IOException {
        Programs.need("setpriv");
        open("--mount");
        shell("exec setpriv --clear-groups env " + staying(jrun("list"))).succeeds();
        String status = jrun("engine status");
        Eventually.isTrue(
                "an engine serves",
                () -> shell("exec setpriv --clear-groups " + status).code() == 0);
        shell("exec setpriv --groups 0 " + status).succeeds();
        assertEquals(1, shell("exec setpriv --groups 0,6 " + status).code());
        assertEquals(1, shell("exec setpriv --regid 6 --clear-groups " + status).code());
    }

    /** What is mounted there on what is below is not what an engine finds that is outside. */
    @Test
    void anEngineServesNobodyWhoseRootIsMountedElsewhere() throws IOException {
        open("--mount");
        shell(staying(jrun("list"))).succeeds();
        engine();
        Path elsewhere = Files.createDirectory(directory.resolve("elsewhere"));
        shell("mount --rbind / " + elsewhere).succeeds();
        assertEquals(
                1,
                shell("exec chroot " + elsewhere + " " + jrun("engine status")).code());
        shell("exec chroot " + directory.getRoot() + " " + jrun("engine status"))
                .succeeds();
    }

    /**
     * It has under that number, in a mount namespace of its own, a file that is called what the engine's socket was.
     */
    @Test
    void whoHasTheNumberOfAnEngineThatWasKilledKeepsNoneFromServing() throws IOException {
        Programs.need("bash");
        open("--mount", "--pid", "--mount-proc");
        shell("""
                %1$s engine serve > /dev/null 2>&1 & engine=$!
                until %1$s engine status > /dev/null 2>&1; do sleep 0.05; done
                link=$(echo /run/jrun/engine/*-*) && target=$(readlink $link) && [ ${target%%/fd/*} = /proc/$engine ] || exit 2
                kill -9 $engine; wait $engine
                echo $((engine - 1)) > /proc/sys/kernel/ns_last_pid
                unshare --mount bash -c "mount -t tmpfs tmpfs /run && mkdir -p /run/jrun/engine && cd /run/jrun/engine &&
                    exec ${target##*/}> .${link##*/}.$engine && rm .${link##*/}.$engine && exec sleep 1000" > /dev/null 2>&1 &
                [ $! = $engine ] || exit 3
                until [ "$(readlink $target)" = "/run/jrun/engine/.${link##*/}.$engine (deleted)" ]; do sleep 0.05; done
                """.formatted(JRUN)).succeeds();
        shell(staying(jrun("list"))).succeeds();
        engine();
    }

    @Test
    void anEngineLeavesTheCgroupOfItsCaller() throws IOException {
        assertEquals("serves\njrun-engine\n", afterACallFromACgroup(":"));
    }

    /** Of an older version, or of another runtime. */
    @Test
    void anEngineDoesNotMoveIntoTheCgroupOfAContainerNorStayWhereItIs() throws IOException {
        assertEquals("gone\n", afterACallFromACgroup("mkdir jrun-engine; chmod +t jrun-engine"));
        assertEquals("gone\n", afterACallFromACgroup("mkdir -p jrun-engine/below"));
    }

    /**
     * What has become of the engine after a call from a cgroup, where nobody sees any but those below one: whether it
     * serves, and in which cgroup it is, or whether it has gone.
     *
     * @param before what is done there before it
     */
    private String afterACallFromACgroup(String before) throws IOException {
        if (place == null) {
            open("--mount");
        }
        String inside =
                "umount -l /sys/fs/cgroup; mount -t cgroup2 cgroup2 /sys/fs/cgroup; cd /sys/fs/cgroup; mkdir caller; "
                        + before + "; echo $$ > caller/cgroup.procs; " + staying(jrun("list")) + " > /dev/null; "
                        + "echo $$ > cgroup.procs; "
                        + "until [ -z \"$(cat caller/cgroup.procs)\" ] || " + jrun("engine status")
                        + " > /dev/null 2>&1; do sleep 0.05; done; "
                        + "if " + jrun("engine status") + " > /dev/null 2>&1; then echo serves; "
                        + "[ -z \"$(cat jrun-engine/cgroup.procs)\" ] || echo jrun-engine; " + jrun("engine stop")
                        + " > /dev/null; else echo gone; fi; "
                        + "until find . -mindepth 1 -depth -type d -exec rmdir {} + 2> /dev/null; do sleep 0.05; done";
        try (ForeignCgroup outer = ForeignCgroup.at(
                        List.of(new HostView.AsIs().unified()),
                        "/jrun-it-" + ProcessHandle.current().pid())
                .make()) {
            String script = "echo 0 > " + outer.text() + "/cgroup.procs; exec unshare --cgroup --mount sh -c '"
                    + inside.replace("'", "'\\''") + "'";
            return shell(script).succeeds().output();
        }
    }

    /**
     * Conmon and what Buildah runs a step in adopt their runtime's orphans, and end when all of their children have.
     */
    @Test
    void anEngineDoesNotStayUnderOneThatWaitsForAll() throws IOException {
        Programs.need("perl");
        open("--mount");
        callUnderOneThatWaitsForAll("buildah-oci-runtime");
        callUnderOneThatWaitsForAll("/usr/bin/conmon");
    }

    /** Makes a call in a process of this name; it would not end for longer than a test may take. */
    private void callUnderOneThatWaitsForAll(String name) throws IOException {
        Path script = Files.writeString(directory.resolve("script"), """
                syscall(%d, %d, 1, 0, 0, 0) == 0 or die;
                $0 = "%s";
                system("JRUN_ENGINE_IDLE=1000 %s") == 0 or die;
                1 while wait() > 0;
                """.formatted(
                        Syscall.PRCTL.number(Machine.host()), Prctl.PR_SET_CHILD_SUBREAPER, name, jrun("list")));
        shell("perl " + script).succeeds();
    }

    @Test
    void coldCallsLeaveNoZombies() throws IOException {
        open("--mount", "--pid", "--mount-proc"); // whose process 1, cat, waits for no child
        for (int i = 0; i < 3; i++) {
            shell(jrun("list")).succeeds();
            shell(jrun("state nobody")).failsWith("does not exist");
        }
        assertEquals("", Files.readString(Path.of("/proc/" + place.pid() + "/task/" + place.pid() + "/children")));
    }

    @Test
    void anErrorSaysWhatKeepsAnEngineFromRunning() throws IOException {
        open("--mount");
        shell("ulimit -v 300000; " + jrun("list"))
                .failsWith("the engine ended before it answered", "RLIMIT_AS", "reserve");
        whereTheShimSurvives("ulimit -t 0; " + jrun("list"))
                .failsWith("the engine ended before it answered", "RLIMIT_CPU", "signal 9");
    }

    /** The kernel ends whichever process it finds at work when the clock ticks, which can be the shim. */
    private Execution whereTheShimSurvives(String script) {
        Execution call = shell(script);
        for (int times = 0; call.code() == 128 + 9 && times < 50; times++) {
            call = shell(script);
        }
        return call;
    }

    @Test
    void aCallThatWaitsForAReaderOfItsLogIsEndedByASignal() throws Exception {
        Path fifo = fifo();
        assertEndsBySignal(jrun("--log " + fifo + " state nobody"), Syscall.OPENAT);
    }

    @Test
    void aCallThatWaitsForRoomInAPipeIsEndedByASignal() throws Exception {
        Path fifo = fifo();
        String fill = "exec 3<>" + fifo + "; head -c 65536 /dev/zero >&3; ";
        assertEndsBySignal(fill + "exec " + jrun("run --help") + " >&3 2>&3", Syscall.WRITE);
    }

    private Path fifo() throws IOException {
        open("--mount");
        shell(staying(jrun("list"))).succeeds();
        engine();
        Path fifo = directory.resolve("fifo");
        Programs.run("mkfifo", fifo.toString());
        return fifo;
    }

    /** It blocks in this system call, and ends all the same. */
    private void assertEndsBySignal(String script, Syscall blocks) throws IOException, InterruptedException {
        Process call =
                process(script.startsWith("exec") ? script : "exec " + script).start();
        Path doing = Path.of("/proc/" + call.pid() + "/syscall");
        String number = blocks.number(Machine.host()) + " ";
        Eventually.isTrue("it blocks", () -> read(doing).startsWith(number) && isShim(call));
        call.destroy();
        assertTrue(call.waitFor(10, TimeUnit.SECONDS), "it does not end");
        assertEquals(128 + Signal.TERM.number(), call.exitValue());
    }

    private static boolean isShim(Process process) {
        return read(Path.of("/proc/" + process.pid() + "/comm")).strip().equals("jrun");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
