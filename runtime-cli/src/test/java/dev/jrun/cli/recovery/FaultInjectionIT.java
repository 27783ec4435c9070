// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cli.EmbeddedCall;
import dev.jrun.cli.testing.container.Bundle;
import dev.jrun.cli.testing.container.Unshared;
import dev.jrun.cli.testing.embedded.Orphans;
import dev.jrun.cli.testing.embedded.TestHost;
import dev.jrun.cli.testing.host.Eventually;
import dev.jrun.cli.testing.host.Execution;
import dev.jrun.cli.testing.host.Programs;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Instruction;
import dev.jrun.program.Program;
import dev.jrun.program.Source;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes every instruction of every launch program of the default bundle fail in turn. Whatever fails, either the call
 * says so and nothing is left, or the container is what the call says it is.
 */
class FaultInjectionIT {

    private static final String ID = "victim";
    private static final String NET_DEVICE = "jrun-fault";

    /** To find {@code ps} in. */
    private static final Map<String, String> ENVIRONMENT = Map.of("PATH", "/usr/bin:/bin");

    private static final Set<String> SHARED = Set.of(
            "open a place in the root file system, and make what of it is missing",
            "copy a symbolic link",
            "copy what a tmpfs hides into it",
            "config.json#/linux/maskedPaths: cover what is to be masked");

    @TempDir
    static Path scratch;

    private static Unshared others;
    private static TestHost host;
    private static Orphans orphans;
    private static Path root;
    private static EmbeddedCall jrun;

    /** What is there before each call, and has to be there after it. */
    private Set<String> always = Set.of();

    @BeforeAll
    static void claimHost() throws IOException {
        Programs.needContainers();
        // Not to be taken for something that a call has left.
        others = Unshared.open("--user", "--pid", "--net").mapped();
        host = TestHost.claim(scratch);
        root = scratch.resolve("state");
        orphans = Orphans.adopt(host);
        jrun = new EmbeddedCall(scratch, ENVIRONMENT);
        Bundle first = bundle("first", "true");
        // The first of all calls also asks which system calls there are.
        succeed(run(first));
        Files.delete(Path.of(pidFile()));
    }

    @AfterAll
    static void giveHostBack() throws IOException {
        if (orphans != null) {
            orphans.close();
        }
        if (host != null) {
            host.close();
        }
        if (others != null) {
            others.close();
        }
    }

    /** What to do before and after each call. */
    private interface Step {
        void execute() throws IOException;
    }

    /** What a call that failed has left as it was. */
    private interface Check {
        boolean holds() throws IOException;
    }

    private record Injection(int program, int instruction) {
        @Override
        public String toString() {
            return "program " + program + ", instruction " + instruction;
        }
    }

    /** What came of a call one of whose instructions failed. */
    private record Failure(Source step, Instruction instruction, EmbeddedCall.Result result) {}

    /** What is done before, between and after failures of a call, and what holds when it has failed. */
    private record Circumstances(Step before, List<String> words, Step after, Check whenFailed) {}

    private record Count(int failed, int total) {
        @Override
        public String toString() {
            return failed + " of " + total + " instructions";
        }
    }

    @Test
    void createLeavesNothingWhateverFails() throws IOException {
        Bundle bundle = bundle("create", "sleep", "1000");
        inject(() -> {}, create(bundle), this::startIfCreated);
    }

    /** Only what the terminal adds. */
    @Test
    void aTerminalThatIsSentLeavesNothingWhateverFails() throws IOException {
        Bundle bundle = bundle("terminal", "true").withTerminal();
        try (ConsoleSink sink = ConsoleSink.at(scratch.resolve("console"))) {
            List<String> words = new ArrayList<>(run(bundle, "--detach", "--console-socket", sink.path()));
            injectInto(
                    source -> source.pointer().startsWith("/process/terminal")
                            || source.intent().contains("console socket"),
                    40,
                    () -> {},
                    words,
                    () -> true);
        }
    }

    /** Only what the pidfd adds. */
    @Test
    void aPidfdThatIsSentLeavesNothingWhateverFails() throws IOException {
        Bundle bundle = bundle("handed", "true");
        try (ConsoleSink sink = ConsoleSink.at(scratch.resolve("listener"))) {
            List<String> words = new ArrayList<>(run(bundle, "--detach", "--pidfd-socket", sink.path()));
            injectInto(source -> source.intent().contains("pidfd socket"), 9, () -> {}, words, () -> true);
        }
    }

    @Test
    void aTerminalThatIsRelayedLeavesNothingWhateverFails() throws IOException {
        Bundle bundle = bundle("relayed", "true").withTerminal();
        injectInto(source -> source.pointer().startsWith("/process/terminal"), 30, () -> {}, run(bundle), () -> true);
    }

    /** Only what is done for a service manager, to which the container, which ends at once, has nothing to say. */
    @Test
    void readinessThatIsWaitedForLeavesNothingWhateverFails() throws IOException {
        Bundle bundle = bundle("managed", "true");
        EmbeddedCall unmanaged = jrun;
        jrun = new EmbeddedCall(
                scratch, Map.of("NOTIFY_SOCKET", scratch.resolve("manager").toString()));
        try {
            injectIntoReadiness(() -> {}, run(bundle));
            injectIntoReadiness(() -> {}, run(bundle, "--detach"));
            injectIntoReadiness(() -> succeed(create(bundle)), List.of("start", ID));
        } finally {
            jrun = unmanaged;
        }
    }

    private void injectIntoReadiness(Step before, List<String> words) throws IOException {
        injectInto(
                source -> source.intent().contains("NOTIFY_SOCKET")
                        || source.intent().contains("service manager")
                        || source.intent().endsWith("/notify"),
                40,
                before,
                words,
                () -> true);
    }

    @Test
    void runInTheForegroundLeavesNothingWhateverFails() throws IOException {
        Bundle bundle = bundle("foreground", "true");
        inject(() -> {}, run(bundle), this::deleteIfThere);
    }

    @Test
    void runWithDevicesAndKernelParametersLeavesNothingWhateverFails() throws IOException {
        Bundle bundle = bundle("linux", "true")
                .with("/linux/devices", """
                [{"type": "c", "path": "/dev/net/tun", "major": 10, "minor": 200, "uid": 5}]""")
                .with("/linux/sysctl", "{\"net.ipv4.ip_forward\": \"1\"}");
        inject(() -> {}, run(bundle), this::deleteIfThere);
    }

    @Test
    void runInAUserNamespaceLeavesNothingWhateverFails() throws IOException {
        Bundle bundle = bundle("user", "true").ownedByMappedRoot().inUserNamespace();
        inject(() -> {}, run(bundle), this::deleteIfThere);
    }

    @Test
    void runInNamespacesOfOthersLeavesNothingWhateverFails() throws IOException {
        Bundle bundle = bundle("joining", "true")
                .ownedByMappedRoot()
                .joining("pid", others.file("pid"))
                .joining("network", others.file("net"))
                .withNamespace("{\"type\": \"user\", \"path\": \"%s\"}".formatted(others.file("user")));
        inject(() -> {}, run(bundle), this::deleteIfThere);
    }

    @Test
    void runWithEveryKindOfMountLeavesNothingWhateverFails() throws IOException {
        Bundle bundle = bundle("mounts", "true").withMounts("""
                {"destination": "/etc/made", "source": "/etc/passwd", "options": ["bind", "ro", "rprivate"]},
                {"destination": "/link/made", "source": "/etc", "options": ["rbind", "rro"]},
                {"destination": "/mapped", "source": "/etc", "options": ["bind"],
                 "uidMappings": [{"containerID": 0, "hostID": 1000, "size": 10}],
                 "gidMappings": [{"containerID": 0, "hostID": 2000, "size": 10}]},
                {"destination": "/copied", "source": "link", "options": ["bind", "copy-symlink"]},
                {"destination": "/link", "source": "link", "options": ["bind", "src-nofollow", "dest-nofollow"]},
                {"destination": "/mapped", "source": "/etc", "options": ["bind", "idmap=uids=0-5-9;gids=0-5-9"]},
                {"destination": "/bin", "type": "tmpfs", "options": ["tmpcopyup", "ro"]},
                {"destination": "/dev/shm", "type": "tmpfs", "options": ["remount", "nosuid"]}""");
        Path rootfs = bundle.directory().resolve("rootfs");
        Files.createSymbolicLink(rootfs.resolve("link"), Path.of("../leads/nowhere"));
        Files.createSymbolicLink(bundle.directory().resolve("link"), Path.of("somewhere"));
        Files.createDirectory(rootfs.resolve("bin/directory"));
        inject(() -> {}, run(bundle), this::deleteIfThere);
    }

    @Test
    void aContainerThatFailsGivesNetworkDevicesBack() throws IOException {
        Programs.need("ip");
        Bundle bundle = bundle("network", "true")
                .with("/linux/netDevices", "{\"%s\": {\"name\": \"inner\"}}".formatted(NET_DEVICE));
        try {
            injectInto(
                    List.of("/linux/netDevices", "/linux/namespaces", "/linux/cgroupsPath", "/process/args"),
                    this::makeNetDevice,
                    run(bundle),
                    FaultInjectionIT::hasNetDevice);
        } finally {
            if (hasNetDevice()) {
                Programs.run("ip", "link", "delete", NET_DEVICE);
            }
        }
    }

    /** What makes it fail to give the device back when it has ended loses the device. */
    private void makeNetDevice() throws IOException {
        if (!hasNetDevice()) {
            // The other end goes when the kernel has cleaned up the container's namespace, or now.
            String peer = NET_DEVICE + "-p";
            Execution.of(new ProcessBuilder("ip", "link", "delete", peer));
            Programs.run("ip", "link", "add", NET_DEVICE, "type", "veth", "peer", "name", peer);
            Programs.run("ip", "address", "add", "192.0.2.1/24", "dev", NET_DEVICE);
        }
    }

    private static boolean hasNetDevice() throws IOException {
        return NetworkInterface.getByName(NET_DEVICE) != null;
    }

    @Test
    void runDetachedLeavesNothingWhateverFails() throws IOException {
        Bundle bundle = bundle("detached", "sleep", "1000");
        inject(() -> {}, run(bundle, "--detach"), this::deleteIfThere);
    }

    /** Only what a launch says in a log once it has succeeded. */
    @Test
    void warningsInALogLeaveNothingWhateverFails() throws IOException {
        Bundle bundle =
                bundle("warned", "true").with("/linux/personality", "{\"domain\": \"LINUX\", \"flags\": [\"X\"]}");
        List<String> words =
                new ArrayList<>(List.of("--log", scratch.resolve("warnings.log").toString()));
        words.addAll(run(bundle));
        injectInto(source -> source.intent().startsWith("write warnings to the log"), 8, () -> {}, words, () -> true);
    }

    @Test
    void startLeavesAContainerThatCanBeDeleted() throws IOException {
        Bundle bundle = bundle("start", "sleep", "1000");
        inject(() -> succeed(create(bundle)), List.of("start", ID), this::deleteIfThere);
    }

    @Test
    void killLeavesAContainerThatCanBeDeleted() throws IOException {
        Bundle bundle = bundle("kill", "sleep", "1000");
        inject(() -> succeed(create(bundle)), List.of("kill", ID, "KILL"), this::deleteIfThere);
    }

    @Test
    void execLeavesNothingWhateverFails() throws IOException {
        injectExec(bundle("exec", "sleep", "1000"), "exec", "--pid-file", pidFile(), ID, "true");
    }

    @Test
    void execOfADocumentInAUserNamespaceLeavesNothingWhateverFails() throws IOException {
        Bundle bundle = bundle("document", "sleep", "1000").ownedByMappedRoot().inUserNamespace();
        injectExec(bundle, "exec", "--process", document(false), "--detach", "--pid-file", pidFile(), ID);
    }

    @Test
    void execWithATerminalThatIsRelayedLeavesNothingWhateverFails() throws IOException {
        injectExec(bundle("exec-relayed", "sleep", "1000"), "exec", "--tty", "--pid-file", pidFile(), ID, "true");
    }

    @Test
    void execWithATerminalThatIsSentLeavesNothingWhateverFails() throws IOException {
        Bundle bundle =
                bundle("exec-terminal", "sleep", "1000").ownedByMappedRoot().inUserNamespace();
        try (ConsoleSink sink = ConsoleSink.at(scratch.resolve("exec-console"))) {
            injectExec(bundle, "exec", "--process", document(true), "--detach", "--console-socket", sink.path(), ID);
        }
    }

    @Test
    void execWithAPidfdThatIsSentLeavesNothingWhateverFails() throws IOException {
        try (ConsoleSink sink = ConsoleSink.at(scratch.resolve("exec-listener"))) {
            injectExec(bundle("exec-handed", "sleep", "1000"), "exec", "--pidfd-socket", sink.path(), ID, "true");
        }
    }

    @Test
    void execUnderAFilterLeavesNothingWhateverFails() throws IOException {
        Bundle bundle = bundle("exec-filtered", "sleep", "1000");
        bundle.withHooksAndSeccomp();
        injectExec(bundle, "exec", ID, "true");
    }

    /** The shim does not know yet which process it is that fails. */
    @Test
    void aProcessThatFailsInItsFirstMomentIsWaitedFor() throws IOException {
        inContainer(bundle("first-moment", "sleep", "1000"), () -> {
            List<String> words = List.of("exec", ID, "true");
            List<Program> programs = programsOf(words);
            Injection first = only(programs, "begin a session");
            EmbeddedCall.Result result = fail(words, first).result();

            assertEquals(255, result.code(), result::output);
            assertTrue(result.output().contains("begin a session"), result::output);
            assertEquals(Set.of(), orphans.reap(), "left to whoever adopts them");
        });
    }

    /**
     * One that was sealed for an engine that was lost has made its call again. What executes is sent before it is
     * sealed.
     */
    @Test
    void aSealedShimThatCannotBeSealedAgainExecutesNothing() throws IOException {
        inContainer(bundle("sealed", "sleep", "1000"), () -> {
            List<String> words = List.of("exec", ID, "echo", "executed");
            int execution = first(Syscall.MEMFD_CREATE, programsOf(words).getFirst());
            EmbeddedCall.Result result =
                    jrun.make(global(words), (shim, session) -> new SealedBeforeSession(session, execution, Errno.EIO));

            assertEquals(255, result.code(), result::output);
            assertTrue(result.output().contains("input/output error"), result::output);
            assertFalse(result.output().contains("executed"), result::output);
        });
    }

    private static int first(Syscall call, Program program) {
        for (int index = 0; index < program.instructions().size(); index++) {
            if (program.instructions().get(index) instanceof Instruction.SystemCall made && made.call() == call) {
                return index;
            }
        }
        throw new AssertionError("no " + call);
    }

    @Test
    void psLeavesNothingWhateverFails() throws IOException {
        Programs.need("ps");
        // No command lines of others: how often they have to be read on changes the number of programs.
        injectExec(bundle("ps", "sleep", "1000"), "ps", ID, "-eo", "pid");
    }

    private static String pidFile() {
        return scratch.resolve("pid").toString();
    }

    private static String document(boolean terminal) throws IOException {
        return Files.writeString(scratch.resolve("process.json"), """
                        {"args": ["true"], "cwd": "/", "env": ["PATH=/bin"], "user": {"uid": 1, "gid": 2, "additionalGids": [3]},
                         "rlimits": [{"type": "RLIMIT_NPROC", "soft": 100, "hard": 100}, {"type": "RLIMIT_CORE", "soft": 0, "hard": 0}],
                         "oomScoreAdj": 500, "scheduler": {"policy": "SCHED_BATCH", "nice": 3}, "terminal": %s,
                         "consoleSize": {"height": 30, "width": 100},
                         "ioPriority": {"class": "IOPRIO_CLASS_IDLE"}, "execCPUAffinity": {"initial": "0", "final": "0"}}""".formatted(terminal))
                .toString();
    }

    /**
     * One container is there for all calls, and goes on: it has the processes and mounts that it had, and there is no
     * pid file.
     */
    private void injectExec(Bundle bundle, String... words) throws IOException {
        inContainer(bundle, () -> {
            Set<String> before = inside(bundle);
            Step after = () -> {
                Eventually.isEqual("what is in the container", before, () -> inside(bundle));
                orphans.reap();
            };
            inject(() -> {}, List.of(words), after, () -> !Files.exists(Path.of(pidFile())));
        });
    }

    private void inContainer(Bundle bundle, Step step) throws IOException {
        succeed(List.of("run", "--detach", "--bundle", bundle.path(), ID));
        always = host.leftovers(root);
        step.execute();
        always = Set.of();
        deleteIfThere();
        assertEquals(Set.of(), host.lastingLeftovers(root));
    }

    /**
     * Its processes, by their pids, and what is mounted for each; what has ended, and waits for its parent, is none of
     * them.
     */
    private static Set<String> inside(Bundle bundle) {
        Set<String> found = new TreeSet<>();
        String cgroup = host.cgroupsPath(bundle.directory().getFileName().toString());
        for (Path hierarchy : host.hierarchies()) {
            try {
                for (String pid : Files.readAllLines(
                        hierarchy.resolve(cgroup.substring(1)).resolve("cgroup.procs"))) {
                    found.add(pid);
                    found.addAll(Files.readAllLines(Path.of("/proc", pid, "mountinfo")));
                }
            } catch (IOException e) {
                // A process that has just ended.
                found.add(e.toString());
            }
        }
        return found;
    }

    /** The one instruction that is there for this reason. */
    private static Injection only(List<Program> programs, String intent) {
        List<Injection> found = new ArrayList<>();
        for (int program = 0; program < programs.size(); program++) {
            for (int index = 0; index < programs.get(program).instructions().size(); index++) {
                if (programs.get(program).source(index).intent().equals(intent)) {
                    found.add(new Injection(program, index));
                }
            }
        }
        assertEquals(1, found.size(), () -> intent + ": " + found);
        return found.getFirst();
    }

    @Test
    void deleteCanBeMadeAgain() throws IOException {
        Bundle bundle = bundle("delete", "sleep", "1000");
        inject(() -> succeed(create(bundle)), List.of("delete", "--force", ID), this::deleteIfThere);
    }

    /**
     * Only what hooks and the filter add: the rest is as without them. A branch is no call that could fail, and made to
     * fail right behind a fork it would in both processes.
     */
    @Test
    void hooksAndSeccompLeaveNothingWhateverFails() throws IOException {
        Bundle bundle = bundle("hooked", "true");
        bundle.withHooksAndSeccomp();
        injectInto(List.of("/hooks", "/linux/seccomp"), () -> {}, run(bundle), () -> true);
    }

    /** Fails what is done for the fields at and below {@code pointers}. */
    private void injectInto(List<String> pointers, Step before, List<String> words, Check whenFailed)
            throws IOException {
        injectInto(source -> pointers.stream().anyMatch(source.pointer()::startsWith), 100, before, words, whenFailed);
    }

    /** Fails what is done for the reasons that are meant; these are more than {@code least} instructions. */
    private void injectInto(Predicate<Source> isMeant, int least, Step before, List<String> words, Check whenFailed)
            throws IOException {
        List<Program> programs = programsWithoutFailure(before, words, this::deleteIfThere);
        Count count = failEach(
                programs,
                (source, instruction) -> isMeant.test(source) && !(instruction instanceof Instruction.Branch),
                new Circumstances(before, words, this::deleteIfThere, whenFailed));
        assertTrue(count.total() > least, "only " + count.total() + " instructions");
    }

    private static Bundle bundle(String name, String... program) throws IOException {
        return Bundle.bare(scratch.resolve(name))
                .inCgroup(host.cgroupsPath(name))
                .runs(program);
    }

    @Test
    void theFirstCallOfAllLeavesNothingWhateverFails() throws IOException {
        EmbeddedCall warm = jrun;
        Bundle bundle = bundle("fresh", "true");
        try {
            inject(() -> jrun = new EmbeddedCall(scratch, ENVIRONMENT), run(bundle), this::deleteIfThere);
        } finally {
            jrun = warm;
        }
    }

    private static List<String> create(Bundle bundle) {
        return List.of("create", "--pid-file", pidFile(), "--bundle", bundle.path(), ID);
    }

    private static List<String> run(Bundle bundle, String... options) {
        List<String> words = new ArrayList<>(List.of("run", "--bundle", bundle.path()));
        words.addAll(List.of(options));
        words.addAll(List.of("--pid-file", pidFile(), ID));
        return words;
    }

    private static List<String> global(List<String> words) {
        List<String> all = new ArrayList<>(List.of("--root", root.toString()));
        all.addAll(words);
        return all;
    }

    private static void succeed(List<String> words) throws IOException {
        EmbeddedCall.Result result = jrun.make(global(words));
        assertEquals(0, result.code(), () -> words + ": " + result.output());
    }

    private void inject(Step before, List<String> words, Step after) throws IOException {
        inject(before, words, after, () -> true);
    }

    private void inject(Step before, List<String> words, Step after, Check whenFailed) throws IOException {
        List<Program> programs = programsWithoutFailure(before, words, after);
        // The last program of other calls only says what came of them.
        int last = makesContainer(words) || isExec(words) ? programs.size() : programs.size() - 1;
        Count count = failEach(
                programs.subList(0, last),
                (source, instruction) -> true,
                new Circumstances(before, words, after, whenFailed));
        assertTrue(
                count.total() > 500 || !makesContainer(words),
                "a container was made by " + count.total() + " instructions");
        // The others are alternatives that this host does not take, and what only a failure leads to.
        assertTrue(count.failed() > count.total() * 2 / 5, words.getFirst() + " failed by only " + count);
    }

    /**
     * Nothing can keep a process from ending, or from waiting for its engine; and without ONFAIL it is another program.
     */
    private static boolean cannotFail(Instruction instruction) {
        return instruction instanceof Instruction.Exit
                || instruction instanceof Instruction.Hold
                || instruction instanceof Instruction.OnFail;
    }

    private List<Program> programsWithoutFailure(Step before, List<String> words, Step after) throws IOException {
        before.execute();
        List<Program> programs = programsOf(words);
        end(after);
        assertEquals(always, host.leftoversOnce(always, root), "without any failure");
        return programs;
    }

    private static List<Program> programsOf(List<String> words) throws IOException {
        List<FaultySession> sessions = new ArrayList<>();
        EmbeddedCall.Result result = jrun.make(global(words), (shim, session) -> {
            var recorded = new FaultySession(session);
            sessions.add(recorded);
            return recorded;
        });
        assertEquals(0, result.code(), result.output());
        return sessions.getFirst().programs();
    }

    private Count failEach(
            List<Program> programs, BiPredicate<Source, Instruction> isMeant, Circumstances circumstances)
            throws IOException {
        int total = 0;
        int failed = 0;
        for (int program = 0; program < programs.size(); program++) {
            for (int index = 0; index < programs.get(program).instructions().size(); index++) {
                Instruction instruction = programs.get(program).instructions().get(index);
                if (!cannotFail(instruction)
                        && isMeant.test(programs.get(program).source(index), instruction)) {
                    total++;
                    failed += isFailed(circumstances, new Injection(program, index)) ? 1 : 0;
                }
            }
        }
        return new Count(failed, total);
    }

    private boolean isFailed(Circumstances circumstances, Injection at) throws IOException {
        List<String> words = circumstances.words();
        circumstances.before().execute();
        Failure failure = fail(words, at);
        EmbeddedCall.Result result = failure.result();
        String what = words.getFirst() + ", " + at + ", " + failure.step() + ": " + failure.instruction()
                + "\nexit code " + result.code() + ": " + result.output();
        boolean failed = result.code() != 0;
        if (failed) {
            assertFalse(result.output().isBlank(), what);
            assertTrue(circumstances.whenFailed().holds(), what);
            assertTrue(isSaid(failure, words), what);
            if (makesContainer(words)) {
                assertEquals(always, host.leftoversOnce(always, root), what);
            }
        } else if (leavesContainer(words)) {
            assertTrue(Files.exists(root.resolve(ID).resolve("state.json")), what);
        }
        end(circumstances.after());
        assertEquals(always, host.leftoversOnce(always, root), what);
        return failed;
    }

    private static Failure fail(List<String> words, Injection at) throws IOException {
        List<FaultySession> sessions = new ArrayList<>();
        EmbeddedCall.Result result = jrun.make(global(words), (shim, session) -> {
            sessions.add(new FaultySession(session, at.program(), at.instruction(), Errno.EIO));
            return sessions.getFirst();
        });
        Program program = sessions.getFirst().programs().get(at.program());
        return new Failure(
                program.source(at.instruction()), program.instructions().get(at.instruction()), result);
    }

    /** Whether the error says which step has failed. */
    private static boolean isSaid(Failure failure, List<String> words) {
        String output = failure.result().output();
        String step = failure.step().toString();
        return output.contains(step)
                || isExec(words) && output.contains(failure.step().intent())
                // When the process runs, no engine is there to say which step it was.
                || isExec(words) && output.contains("the process was ended: jrun cannot wait for it")
                // What several places share is named by the one that it was done for.
                || SHARED.contains(step) && output.contains("config.json#/")
                // As a shell says it of a command.
                || step.equals("become ps") && output.contains("ps")
                || !(failure.instruction() instanceof Instruction.SystemCall);
    }

    private static boolean makesContainer(List<String> words) {
        return words.getFirst().equals("create") || words.getFirst().equals("run");
    }

    private static boolean isExec(List<String> words) {
        return words.getFirst().equals("exec");
    }

    private static boolean leavesContainer(List<String> words) {
        return words.getFirst().equals("create") || words.contains("--detach") && !isExec(words);
    }

    /** The pid file of a container that was made is its caller's to remove. */
    private static void end(Step after) throws IOException {
        after.execute();
        orphans.reap();
        Files.deleteIfExists(Path.of(pidFile()));
    }

    private void startIfCreated() throws IOException {
        if (Files.exists(root.resolve(ID))) {
            EmbeddedCall.Result result = jrun.make(global(List.of("start", ID)));
            assertTrue(result.code() == 0 || !result.output().isBlank());
        }
        deleteIfThere();
    }

    private void deleteIfThere() throws IOException {
        succeed(List.of("delete", "--force", ID));
    }
}
