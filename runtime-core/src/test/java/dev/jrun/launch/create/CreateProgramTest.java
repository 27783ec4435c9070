// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.create;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupPlace;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.CgroupPlaces;
import dev.jrun.launch.LaunchRequest.Adoption;
import dev.jrun.launch.LaunchRequest.Afterwards;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.LaunchRequest.Options;
import dev.jrun.launch.LaunchedConfig;
import dev.jrun.launch.notify.ServiceManager;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Instruction;
import dev.jrun.program.Program;
import dev.jrun.program.Report;
import dev.jrun.program.Source;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The shim's part of a launch. */
class CreateProgramTest {

    private static final CgroupPlace UNIFIED = CgroupPlaces.unified("/sys/fs/cgroup/c1");

    private static final CgroupPlace LEGACY = CgroupPlaces.legacy(
            Map.of("memory", "/sys/fs/cgroup/memory/c1", "name=systemd", "/sys/fs/cgroup/systemd/c1"));

    /** Earlier, it would be the processors of its caller's cgroup. */
    @Test
    void initRunsOnEveryProcessorOfItsCgroup() {
        LaunchedConfig config = LaunchedConfig.byDefault().in(LEGACY);

        assertEquals(1, config.calls(Syscall.SCHED_SETAFFINITY).size());
        assertTrue(config.indexOf("join the cgroup /sys/fs/cgroup/systemd/c1")
                < config.indexOf("run on every processor that the cgroup has"));
    }

    /** systemd starts no unit without a process; init is born in its cgroup, when another has been there until then. */
    @Test
    void anotherProcessHoldsInitsPlaceInAUnit() {
        LaunchedConfig unit = LaunchedConfig.byDefault().in(UNIFIED.of("jrun-c1.scope"));
        int started = unit.indexOf("start a process that systemd's unit is to begin with");
        int asked = unit.indexOf("wait until the container has its cgroup");
        int born = unit.indexOf("start init in its namespaces");
        int ended = unit.indexOf("end the process that held init's place");
        int recorded = unit.indexOf("record the container");
        assertTrue(0 <= started && started < asked && asked < born && born < ended && ended < recorded);
        String usual = LaunchedConfig.byDefault()
                .in(UNIFIED)
                .create()
                .program()
                .sources()
                .toString();
        assertFalse(usual.contains("the process that held init's place"));
    }

    private static LaunchedConfig managed() {
        return LaunchedConfig.byDefault()
                .with(new Options(
                        Optional.empty(),
                        0,
                        false,
                        false,
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        ServiceManager.named("/run/systemd/notify")));
    }

    private static final String ANNOUNCE = "announce";

    private static LaunchedConfig announcing(LaunchedConfig config) {
        return config.announcing(asm -> {
            try (var _ = asm.aside()) {
                asm.source(Source.runtime(ANNOUNCE));
                asm.call(Syscall.SHUTDOWN).ignoreErrors();
            }
        });
    }

    private static int report(Tag tag, LaunchedConfig config) {
        Program program = config.create().program();
        for (int i = 0; i < program.instructions().size(); i++) {
            if (program.instructions().get(i) instanceof Instruction.Yield yield && yield.tag() == tag.ordinal()) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Of a container that cannot be made, the error is all that is said there, and a poststart hook that fails is one.
     */
    @Test
    void announcesWhenNothingCanFailTheLaunchAnyMore() {
        String hooks = "{\"poststart\": [{\"path\": \"/bin/true\"}]}";
        LaunchedConfig created = announcing(LaunchedConfig.byDefault());
        LaunchedConfig detached = announcing(LaunchedConfig.byDefault().with("/hooks", hooks))
                .with(new Ending.Detached(LaunchedConfig.STATE));
        LaunchedConfig ready =
                announcing(managed().with("/hooks", hooks)).with(new Ending.Detached(LaunchedConfig.STATE));
        LaunchedConfig supervised = announcing(LaunchedConfig.byDefault().with("/hooks", hooks))
                .with(supervised(Adoption.BY_SHIM, Afterwards.REMOVE));

        for (LaunchedConfig config : List.of(created, detached, ready, supervised)) {
            assertEquals(1, config.intent(ANNOUNCE).size());
        }
        assertTrue(report(Tag.DONE, created) < created.indexOf(ANNOUNCE));
        assertTrue(report(Tag.DONE, detached) < detached.indexOf(ANNOUNCE));
        // Here it may take as long as the container likes.
        assertTrue(ready.firstFor("/hooks/poststart/0") < ready.indexOf(ANNOUNCE));
        assertTrue(ready.indexOf(ANNOUNCE) < report(Tag.DONE, ready));
        assertTrue(supervised.firstFor("/hooks/poststart/0") < supervised.indexOf(ANNOUNCE));
        assertTrue(supervised.indexOf(ANNOUNCE) < supervised.indexOf("have the engine finish"));
    }

    /** It may say at once that it is ready. */
    @Test
    void theSocketForReadinessIsThereBeforeInitGoesOn() {
        LaunchedConfig detached = managed().with(new Ending.Detached(LaunchedConfig.STATE));

        int made = detached.indexOf("make the directory of the socket for NOTIFY_SOCKET");
        int bound = detached.indexOf("make the socket for NOTIFY_SOCKET");
        assertTrue(made < detached.indexOf("wait until init is born"));
        assertTrue(made < bound && bound < detached.indexOf("let init go on"));
        assertEquals(
                List.of("WAIT PREPARED", "WAIT EXECUTED", "GO_ON STARTED", "GO_ON DONE"),
                tags(detached).subList(0, 4));
    }

    /** Who starts it makes it, and is told. */
    @Test
    void aCreatedContainerHasThePlaceForItAlone() {
        LaunchedConfig created = managed();

        String directory = "make the directory of the socket for NOTIFY_SOCKET";
        assertEquals(List.of(), created.intent("make the socket for NOTIFY_SOCKET"));
        assertEquals(2, created.intent(directory).size());
        assertEquals(List.of(), LaunchedConfig.byDefault().intent(directory));
    }

    private static List<String> tags(LaunchedConfig config) {
        List<String> tags = new ArrayList<>();
        for (Instruction instruction : config.create().program().instructions()) {
            if (instruction instanceof Instruction.Yield yield) {
                tags.add(yield.then() + " " + Tag.of(yield.tag()));
            }
        }
        return tags;
    }

    @Test
    void initIsBornInItsNewNamespaces() {
        assertEquals(
                List.of("pid = clone3({flags=CLONE_NEWNS|CLONE_NEWCGROUP|CLONE_NEWPID"
                        + "|CLONE_CLEAR_SIGHAND, exit_signal=SIGCHLD}, size=88)"),
                LaunchedConfig.byDefault().calls(Syscall.CLONE3));
    }

    @Test
    void onlyTheNamespacesThatAreAskedForAreNew() {
        assertEquals(
                List.of("pid = clone3({flags=CLONE_NEWNS|CLONE_NEWPID|CLONE_CLEAR_SIGHAND, exit_signal=SIGCHLD},"
                        + " size=88)"),
                LaunchedConfig.byDefault()
                        .without("/hostname")
                        .with("/linux/namespaces", "[{\"type\": \"mount\"}, {\"type\": \"pid\"}]")
                        .calls(Syscall.CLONE3));
    }

    @Test
    void initIsBornInItsCgroup() {
        var config = LaunchedConfig.byDefault().in(UNIFIED);
        assertEquals(
                List.of(
                        "cgroup = openat(AT_FDCWD, \"/sys/fs/cgroup/c1\", O_DIRECTORY|O_CLOEXEC|O_PATH)",
                        "statx(cgroup, \"\", AT_EMPTY_PATH, STATX_BASIC_STATS, [buffer])",
                        "inode = u64 at [buffer+32]",
                        "own inode = u64 at [buffer]",
                        "if inode == own inode go to the container's own",
                        "fail with ESTALE",
                        "u64 at [buffer+80] = cgroup"),
                config.lines("/linux/cgroupsPath"));
        assertTrue(config.calls(Syscall.CLONE3).getFirst().contains("|CLONE_INTO_CGROUP, "));
        assertTrue(config.calls(Syscall.CLONE3).getFirst().contains(", cgroup=cgroup}"));
    }

    @Test
    void initJoinsLegacyCgroupsBeforeItEntersANewCgroupNamespace() {
        var config = LaunchedConfig.byDefault().in(LEGACY);
        assertEquals(
                List.of(
                        "statx(AT_FDCWD, \"/sys/fs/cgroup/memory/c1\", AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, [buffer])",
                        "inode = u64 at [buffer+32]",
                        "own inode = u64 at [buffer]",
                        "if inode == own inode go to the container's own",
                        "fail with ESTALE",
                        "tasks = openat(AT_FDCWD, \"/sys/fs/cgroup/memory/c1/tasks\", O_WRONLY|O_CLOEXEC)",
                        "write(tasks, \"0\", size=1)",
                        "close(tasks)",
                        "statx(AT_FDCWD, \"/sys/fs/cgroup/systemd/c1\", AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, [buffer])",
                        "inode = u64 at [buffer+32]",
                        "own inode = u64 at [buffer+8]",
                        "if inode == own inode go to the container's own",
                        "fail with ESTALE",
                        "tasks = openat(AT_FDCWD, \"/sys/fs/cgroup/systemd/c1/tasks\", O_WRONLY|O_CLOEXEC)",
                        "write(tasks, \"0\", size=1)",
                        "close(tasks)"),
                config.lines("/linux/cgroupsPath"));
        assertEquals(List.of("unshare(CLONE_NEWCGROUP)"), config.calls(Syscall.UNSHARE));
        assertTrue(!config.calls(Syscall.CLONE3).getFirst().contains("CLONE_NEWCGROUP"));
        assertTrue(config.indexOf("join the cgroup /sys/fs/cgroup/systemd/c1")
                < config.indexOf("enter a new cgroup namespace"));
    }

    @Test
    void aCreatedInitWaitsOnASocketInTheStateDirectory() {
        List<String> lines = LaunchedConfig.byDefault().intent("listen for start in /run/jrun/c1");
        assertTrue(lines.contains(
                "bind(start socket, {sun_family=AF_UNIX, sun_path=\"/proc/self/fd/<directory>/init.sock\"},"
                        + " addrlen=56)"));
        assertTrue(lines.contains("listen(start socket, backlog=1)"));
        assertEquals(
                "connection = accept4(start socket, NULL, NULL, SOCK_CLOEXEC)",
                LaunchedConfig.byDefault().intent("wait for start").getFirst());
    }

    private static Ending supervised(Adoption adoption, Afterwards afterwards) {
        return new Ending.Supervised(adoption, afterwards, LaunchedConfig.STATE_DIRECTORY);
    }

    @Test
    void aContainerThatIsRunWaitsForNothing() {
        for (Ending ending :
                List.of(new Ending.Detached(LaunchedConfig.STATE), supervised(Adoption.BY_SHIM, Afterwards.REMOVE))) {
            assertEquals(List.of(), LaunchedConfig.byDefault().with(ending).calls(Syscall.LISTEN));
        }
    }

    @Test
    void reportsDependOnTheEnding() {
        List<String> failures = List.of("GO_ON INIT_FAILED", "GO_ON INIT_LOST", "GO_ON SHIM_FAILED");
        assertEquals(concat(List.of("WAIT PREPARED", "GO_ON DONE"), failures), tags(LaunchedConfig.byDefault()));
        assertEquals(
                concat(List.of("WAIT PREPARED", "WAIT EXECUTED", "GO_ON DONE"), failures),
                tags(LaunchedConfig.byDefault().with(new Ending.Detached(LaunchedConfig.STATE))));
        assertEquals(
                concat(List.of("WAIT PREPARED", "GO_ON STARTED", "GO_ON REMOVED", "WAIT ENDED"), failures),
                tags(LaunchedConfig.byDefault().with(supervised(Adoption.BY_SHIM, Afterwards.REMOVE))));
    }

    private static List<String> concat(List<String> first, List<String> second) {
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }

    @Test
    void theShimAdoptsOrphansIfItIsTo() {
        String adopt = "prctl(PR_SET_CHILD_SUBREAPER, 1)";
        assertTrue(LaunchedConfig.byDefault()
                .with(supervised(Adoption.BY_SHIM, Afterwards.REMOVE))
                .calls(Syscall.PRCTL)
                .contains(adopt));
        assertTrue(!LaunchedConfig.byDefault()
                .with(supervised(Adoption.BY_HOST, Afterwards.REMOVE))
                .calls(Syscall.PRCTL)
                .contains(adopt));
        assertTrue(!LaunchedConfig.byDefault().calls(Syscall.PRCTL).contains(adopt));
    }

    @Test
    void aSupervisedContainerGivesItsExitCode() {
        List<String> lines = LaunchedConfig.byDefault()
                .with(supervised(Adoption.BY_SHIM, Afterwards.REMOVE))
                .intent("supervise init");
        assertEquals(
                List.of(
                        "on failure go to supervise",
                        "tell STARTED: pid",
                        "on failure go to shim failed",
                        "status = supervise(pid)",
                        "pid = 0",
                        "exit code = status >>> 8",
                        "signal = status & 0x7f",
                        "if signal == 0 go to exited",
                        "exit code = signal + 128",
                        "on failure go to by the engine"),
                lines);
        assertEquals(
                List.of(
                        "on failure go to engine lost while the container ran",
                        "ask ENDED: status",
                        "exit with code exit code"),
                LaunchedConfig.byDefault()
                        .with(supervised(Adoption.BY_SHIM, Afterwards.REMOVE))
                        .intent("have the engine finish"));
    }

    @Test
    void aContainerThatLeavesNothingElseIsRemovedByItsShim() {
        CgroupPlace cgroup = CgroupPlaces.hybrid("/sys/fs/cgroup/unified/c1", Map.of("pids", "/sys/fs/cgroup/pids/c1"));
        assertEquals(
                List.of(
                        "lock file = -EBADF",
                        "lock file = openat(AT_FDCWD, \"/run/jrun/.lock\", O_RDWR|O_NOFOLLOW|O_CLOEXEC)",
                        "fcntl(lock file, F_SETLK, [buffer])  on EAGAIN, EACCES go to unlocked",
                        "statx(state directory, \"\", AT_EMPTY_PATH, STATX_BASIC_STATS, [buffer])",
                        "links = u32 at [buffer+16]",
                        "if links != 0 go to present",
                        "fail with ENOENT",
                        "cgroups that were there = u64 at [buffer]",
                        "if cgroups that were there == 0 go to all were made",
                        "fail with EBUSY",
                        "statx(AT_FDCWD, \"/sys/fs/cgroup/unified/c1\", AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, [buffer])"
                                + "  on ENOENT go to cgroup gone",
                        "inode = u64 at [buffer+32]",
                        "own inode = u64 at [buffer]",
                        "if inode == own inode go to the container's own",
                        "fail with ESTALE",
                        "unlinkat(AT_FDCWD, \"/sys/fs/cgroup/unified/c1\", AT_REMOVEDIR)  ignoring ENOENT",
                        "statx(AT_FDCWD, \"/sys/fs/cgroup/pids/c1\", AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, [buffer])"
                                + "  on ENOENT go to cgroup gone",
                        "inode = u64 at [buffer+32]",
                        "own inode = u64 at [buffer+8]",
                        "if inode == own inode go to the container's own",
                        "fail with ESTALE",
                        "unlinkat(AT_FDCWD, \"/sys/fs/cgroup/pids/c1\", AT_REMOVEDIR)  ignoring ENOENT",
                        "unlinkat(state directory, \"config.json\", 0)",
                        "unlinkat(state directory, \"state.json\", 0)",
                        "unlinkat(AT_FDCWD, \"/run/jrun/c1\", AT_REMOVEDIR)  ignoring ENOENT",
                        "on failure go to told",
                        "tell REMOVED",
                        "exit with code exit code"),
                LaunchedConfig.byDefault()
                        .in(cgroup)
                        .with(supervised(Adoption.BY_SHIM, Afterwards.REMOVE))
                        .intent("remove the container"));
        assertEquals(
                List.of(),
                LaunchedConfig.byDefault()
                        .with(supervised(Adoption.BY_SHIM, Afterwards.KEEP))
                        .intent("remove the container"));
    }

    @Test
    void thePidFileIsRenamedWhenItIsComplete() {
        var config = LaunchedConfig.byDefault()
                .with(new Options(
                        Optional.of(Path.of("/run/user/c1.pid")),
                        0,
                        false,
                        false,
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        assertTrue(config.intent("pid file /run/user/c1.pid, at first as .jrun-pid-PID beside it")
                .contains("pid file = openat(AT_FDCWD, \"/run/user/.jrun-pid-<digits>\","
                        + " O_WRONLY|O_CREAT|O_EXCL|O_CLOEXEC, 0644)  on EEXIST go to name is taken"));
        List<String> steps = config.intent("pid file /run/user/c1.pid");
        assertEquals(
                List.of(
                        "digits = decimal([buffer], pid)",
                        "place = \"<pid>\"",
                        "rest = digits",
                        "written = write(pid file, place, rest)  on any error go to write stopped",
                        "place = place + written",
                        "rest = rest - written",
                        "if rest != 0 go to write"),
                steps.subList(0, 7));
        assertEquals(
                List.of(
                        "statx(pid file, \"\", AT_EMPTY_PATH, STATX_BASIC_STATS, [buffer])",
                        "inode of the pid file = u64 at [buffer+32]",
                        "close(pid file)",
                        "pid file without its name ="
                                + " renameat2(AT_FDCWD, \"/run/user/.jrun-pid-<digits>\", AT_FDCWD, \"/run/user/c1.pid\", 0)"),
                steps.subList(steps.size() - 4, steps.size()));
        assertTrue(config.indexOf("record the container") < config.indexOf("pid file /run/user/c1.pid"));
        List<String> calls = config.calls(Syscall.RENAMEAT2);
        assertEquals(1, calls.size());
    }

    @Test
    void afterEveryFailureThePidFileIsRemoved() {
        var config = LaunchedConfig.byDefault()
                .with(new Options(
                        Optional.of(Path.of("/c1.pid")),
                        0,
                        false,
                        false,
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()));
        for (String name : List.of("\"/c1.pid\"", "\"/.jrun-pid-<digits>\"")) {
            assertEquals(
                    4,
                    config.calls(Syscall.UNLINKAT).stream()
                            .filter(line -> line.contains(name) && line.endsWith("ignoring every error"))
                            .count());
        }
        assertEquals(
                4,
                config.intent("remove pid file /c1.pid").stream()
                        .filter("if pid file == 0 go to no pid file"::equals)
                        .count());
    }

    @Test
    void withoutAPidFileNoneIsWritten() {
        assertEquals(List.of(), LaunchedConfig.byDefault().calls(Syscall.RENAMEAT2));
    }

    @Test
    void afterEveryFailureInitIsKilledAndWaitedFor() {
        assertEquals(
                List.of(
                        "kill(pid, SIGKILL)  ignoring every error",
                        "kill(pid, SIGKILL)  ignoring every error",
                        "kill(pid, SIGKILL)  ignoring every error",
                        "kill(pid, SIGKILL)  ignoring every error"),
                LaunchedConfig.byDefault().calls(Syscall.KILL));
    }

    @Test
    void nobodyIsKilledBeforeInitIsBornOrAfterItWasWaitedFor() {
        for (String intent : List.of(
                "take back what was done",
                "init failed",
                "init ended before it was ready",
                "end init, which cannot be recorded")) {
            List<String> lines = LaunchedConfig.byDefault().intent(intent);
            int kill = lines.indexOf("kill(pid, SIGKILL)  ignoring every error");
            assertEquals("if pid == 0 go to no init, or none any more", lines.get(kill - 1), intent);
            int wait = lines.indexOf("wait4(pid, [buffer], wait options, NULL)  ignoring every error");
            assertTrue(kill < wait, intent);
            assertEquals("pid = 0", lines.get(wait + 1), intent);
        }
        List<String> supervision = LaunchedConfig.byDefault()
                .with(supervised(Adoption.BY_SHIM, Afterwards.KEEP))
                .intent("supervise init");
        int end = supervision.indexOf("status = supervise(pid)");
        assertEquals("pid = 0", supervision.get(end + 1), supervision::toString);
    }

    @Test
    void withoutItsEngineTheShimHasAnotherRemoveTheContainer() {
        assertTrue(LaunchedConfig.byDefault()
                .intent("have another engine remove the container")
                .contains("execve(\"/opt/jrun/bin/jrun\","
                        + " [\"/opt/jrun/bin/jrun\", \"delete\", \"--force\", \"c1\"], [\"JRUN_ENGINE_IDLE=0\"])"
                        + "  ignoring every error"));
    }

    @Test
    void everyInstructionIsMadeWithAFailureHandlerInForce() {
        Program program = LaunchedConfig.byDefault().create().program();
        assertTrue(program.instructions().getFirst() instanceof Instruction.OnFail handler
                && handler.target().isPresent());
        int init = LaunchedConfig.byDefault().create().initStart();
        assertTrue(program.instructions().get(init) instanceof Instruction.OnFail handler
                && handler.target().isPresent());
    }

    @Test
    void theAnswerCarriesHomeOnlyIfItIsNeeded() {
        LaunchUnderway without = LaunchedConfig.byDefault().create().underway();
        assertEquals(1, without.homePatch("/root").size());
        assertArrayEquals(
                "HOME=/root\0".getBytes(StandardCharsets.UTF_8),
                without.homePatch("/root").getFirst().bytes());
        LaunchUnderway with = LaunchedConfig.byDefault()
                .with("/process/env", "[\"HOME=/x\"]")
                .create()
                .underway();
        assertEquals(List.of(), with.homePatch("/root"));
    }

    @Test
    void theWholeProgramCanBeEncoded() {
        for (Machine machine : Machine.values()) {
            assertTrue(LaunchedConfig.byDefault().create().program().encode(machine).length > 1000);
        }
    }

    @Test
    void whatFailedIsReadFromRegisters() {
        AfterStart create = LaunchedConfig.byDefault().create().underway().afterStart();
        var report = new Report.Yielded(
                Tag.SHIM_FAILED.ordinal(),
                Map.of(
                        create.failedInstruction().number(),
                        3L,
                        create.failedErrno().number(),
                        2L),
                List.of());
        assertEquals(3, report.value(create.failedInstruction()));
        assertEquals(2, report.value(create.failedErrno()));
    }

    @Test
    void aContainerToBeKeptIsKeptAlsoWithoutItsEngine() {
        String remove = "have another engine remove the container";
        int removals = LaunchedConfig.byDefault()
                .with(supervised(Adoption.BY_SHIM, Afterwards.REMOVE))
                .intent(remove)
                .size();
        int kept = LaunchedConfig.byDefault()
                .with(supervised(Adoption.BY_SHIM, Afterwards.KEEP))
                .intent(remove)
                .size();
        assertTrue(kept < removals, kept + " of " + removals);
    }
}
