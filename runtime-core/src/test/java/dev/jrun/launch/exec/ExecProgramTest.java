// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.exec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupEntry;
import dev.jrun.kernel.Machine;
import dev.jrun.kernel.NewerCall;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.Announcement;
import dev.jrun.launch.LaunchedConfig;
import dev.jrun.launch.exec.ExecRequest.Ending;
import dev.jrun.launch.exec.ExecRequest.Keyring;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.StateSubject;
import dev.jrun.launch.part.Tag;
import dev.jrun.launch.terminal.Console;
import dev.jrun.program.Instruction;
import dev.jrun.program.Program;
import dev.jrun.program.listing.Listing;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Hooks;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Process;
import dev.jrun.spec.reading.ConfigReader;
import dev.jrun.spec.reading.ProcessReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExecProgramTest {

    private static final long INIT = 4711;
    private static final String NAMESPACES =
            "[{\"type\": \"mount\"}, {\"type\": \"pid\"}, {\"type\": \"network\", \"path\": \"/run/net\"}]";

    private static Program program(String process, String namespaces, KernelCalls kernel, Ending ending) {
        return program(process, namespaces, kernel, ending, Announcement.NONE);
    }

    private static Program program(
            String process, String namespaces, KernelCalls kernel, Ending ending, Announcement announcement) {
        Process executed = ProcessReader.read(bytes(process)).value().orElseThrow();
        Linux linux = ConfigReader.read(
                        bytes("{\"ociVersion\": \"1.0.0\", \"linux\": {\"namespaces\": " + namespaces + "}}"))
                .value()
                .orElseThrow()
                .linux();
        var request = new ExecRequest(
                new StateSubject("1.0.0", "c1", Path.of("/bundle"), Annotations.NONE, Hooks.NONE),
                INIT,
                executed,
                linux,
                new CgroupEntry(Optional.empty(), List.of()),
                ExecRequest.Options.NONE,
                ending,
                Keyring.OWN,
                Optional.empty(),
                Optional.empty(),
                LaunchedConfig.ALL_RIGHTS,
                executed.terminal()
                        ? Optional.of(new Console.Sent(Path.of("/run/console.sock"), executed.consoleSize()))
                        : Optional.empty(),
                announcement);
        return new ExecProgram(request, Machine.X86_64, kernel).program();
    }

    private static Program program(String process) {
        return program(process, NAMESPACES, KernelCalls.all(), Ending.SUPERVISED);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String process(String members) {
        return "{\"args\": [\"true\"], \"cwd\": \"/\", \"env\": [\"PATH=/bin\", \"HOME=/\"]" + members + "}";
    }

    private static int first(Syscall call, Program program) {
        return indices(call, program).getFirst();
    }

    private static List<Integer> indices(Syscall call, Program program) {
        return java.util.stream.IntStream.range(0, program.instructions().size())
                .filter(index ->
                        program.instructions().get(index) instanceof Instruction.SystemCall made && made.call() == call)
                .boxed()
                .toList();
    }

    private static int report(Tag tag, Program program) {
        for (int index = 0; index < program.instructions().size(); index++) {
            if (program.instructions().get(index) instanceof Instruction.Yield yield && yield.tag() == tag.ordinal()) {
                return index;
            }
        }
        return -1;
    }

    private static int announced(Program program) {
        return first(Syscall.SHUTDOWN, program);
    }

    /** Of one that fails, the error is all that is said there; what is said keeps no process from being executed. */
    @Test
    void announcesOnceTheProcessRuns() {
        Announcement announcement = asm -> asm.call(Syscall.SHUTDOWN).ignoreErrors();
        String process = process("");

        Program detached = program(process, NAMESPACES, KernelCalls.all(), Ending.DETACHED, announcement);
        assertTrue(report(Tag.DONE, detached) < announced(detached));
        assertInstanceOf(Instruction.Exit.class, detached.instructions().get(announced(detached) + 1));
        Program supervised = program(process, NAMESPACES, KernelCalls.all(), Ending.SUPERVISED, announcement);
        assertTrue(report(Tag.STARTED, supervised) < announced(supervised));
        assertEquals(1, indices(Syscall.SHUTDOWN, supervised).size());
    }

    /** What can trace a process that it sees finds one that has nothing more than itself. */
    @Test
    void isTheContainersUserBeforeItIsInItsPidNamespace() {
        Program program = program(process(", \"user\": {\"uid\": 5, \"gid\": 6}"));

        int birth = indices(Syscall.CLONE, program).getFirst();
        assertTrue(first(Syscall.SETNS, program) < first(Syscall.CLOSE_RANGE, program));
        assertTrue(first(Syscall.CLOSE_RANGE, program) < first(Syscall.SETRESUID, program));
        assertTrue(first(Syscall.SETRESUID, program) < first(Syscall.CAPSET, program));
        assertTrue(first(Syscall.CAPSET, program) < birth);
        assertEquals(1, indices(Syscall.CLONE, program).size());
        assertEquals(1, indices(Syscall.CLONE3, program).size());
    }

    /** What is traced there could else type into the caller's terminal, or end the caller's whole process group. */
    @Test
    void isInNoSessionOfTheCallersBeforeItIsInItsPidNamespace() {
        Program program = program(process(", \"terminal\": true"));

        int birth = indices(Syscall.CLONE, program).getFirst();
        List<Integer> sessions = indices(Syscall.SETSID, program);
        assertEquals(2, sessions.size());
        assertTrue(sessions.getFirst() < birth && birth < sessions.getLast());
        assertTrue(indices(Syscall.DUP3, program).getLast() < birth);
    }

    /** The program may be run again, into another cgroup; a client's socket is accepted from once. */
    @Test
    void connectsToAConsoleSocketOnceThereIsAProcess() {
        Program program = program(process(", \"terminal\": true"));

        assertTrue(first(Syscall.CLONE3, program) < first(Syscall.CONNECT, program));
    }

    /** Only a process of the container's could say that it is the one. */
    @Test
    void takesOnlyAChildOfTheShimsForTheProcess() {
        Program program = program(process(""));

        assertTrue(first(Syscall.RECVMSG, program) < first(Syscall.WAITID, program));
        assertTrue(
                first(Syscall.WAITID, program) < indices(Syscall.CLONE, program).getFirst());
    }

    @Test
    void makesSureOfInitBeforeThereIsAProcess() {
        Program program = program(process(""));

        assertTrue(first(Syscall.PIDFD_OPEN, program) < report(Tag.HELD, program));
        assertTrue(report(Tag.HELD, program) < first(Syscall.CLONE3, program));
    }

    @Test
    void asksForHomeOnlyIfItIsNotKnown() {
        assertEquals(-1, report(Tag.PREPARED, program(process(""))));
        assertTrue(report(Tag.PREPARED, program(process("").replace(", \"HOME=/\"", ""))) > 0);
    }

    @Test
    void comparesTheNamespacesThatTheConfigurationNames() {
        Program program = program(process(""));
        String text = new String(program.encode(Machine.X86_64), StandardCharsets.ISO_8859_1);

        for (String name : List.of("mnt", "pid", "net")) {
            assertTrue(text.contains("/proc/4711/ns/" + name + "\0"), name);
        }
        for (String name : List.of("ipc", "uts", "user", "cgroup", "time")) {
            assertTrue(!text.contains("/ns/" + name + "\0"), name);
        }
    }

    @Test
    void entersThemOneByOneWhereThereIsNoBetterWay() {
        Program program = program(
                process(""), NAMESPACES, LaunchedConfig.kernelWithout(List.of(NewerCall.PIDFD_OPEN)), Ending.DETACHED);

        assertEquals(3, indices(Syscall.SETNS, program).size());
        // What is left are those of the shim's own children, which it can do without.
        var listing =
                new Listing(program, Machine.X86_64, number -> Tag.of(number).name());
        assertTrue(!listing.text(0, program.instructions().size()).contains("pidfd_open(" + INIT));
    }

    @Test
    void limitsProcessesInTheLastOneOnly() {
        Program program = program(
                process(
                        ", \"rlimits\": [{\"type\": \"RLIMIT_NPROC\", \"soft\": 1, \"hard\": 2}, {\"type\": \"RLIMIT_CORE\", \"soft\": 0, \"hard\": 0}]"));

        List<Integer> limits = indices(Syscall.PRLIMIT64, program);
        int birth = first(Syscall.CLONE, program);
        assertEquals(1, limits.stream().filter(index -> index > birth).count());
        assertEquals("/process/rlimits/0", program.source(limits.getLast()).pointer());
    }

    /** The shim may run it although it could not seal itself. */
    @Test
    void makesSureThatItIsSealedBeforeItTouchesAnything() {
        Program program = program(process(", \"terminal\": true"));

        assertTrue(program.holds());
        assertEquals(
                List.of(
                        Syscall.SOCKETPAIR,
                        Syscall.PRCTL,
                        Syscall.OPENAT,
                        Syscall.FCNTL,
                        Syscall.CLOSE,
                        Syscall.PIDFD_OPEN),
                calls(program).subList(0, 6));
    }

    @Test
    void asksBeforeItTouchesAnythingIfItDoesNotKnowInit() {
        Program program = program(process(", \"terminal\": true"));
        // The first asks whether it is sealed.
        int hides = indices(Syscall.PRCTL, program).get(1);

        assertEquals(
                List.of(
                        Syscall.SOCKETPAIR,
                        Syscall.PRCTL,
                        Syscall.OPENAT,
                        Syscall.FCNTL,
                        Syscall.CLOSE,
                        Syscall.PIDFD_OPEN,
                        Syscall.STATX,
                        Syscall.PIDFD_SEND_SIGNAL),
                kindsOfCallsBefore(hides, program));
        int known = first(Syscall.STATX, program);
        int asked = report(Tag.HELD, program);
        assertTrue(known < asked && asked < hides);
        assertTrue(program.instructions().get(asked - 1) instanceof Instruction.Branch);
    }

    private static List<Syscall> kindsOfCallsBefore(int index, Program program) {
        long before = program.instructions().subList(0, index).stream()
                .filter(Instruction.SystemCall.class::isInstance)
                .count();
        return calls(program).stream().limit(before).distinct().toList();
    }

    /** Who enters a mount namespace again has another root directory afterwards. */
    @Test
    void looksAtAMountNamespaceThatTheContainerHasJoinedWhileInitIsHeld() {
        String joined = "[{\"type\": \"mount\", \"path\": \"/run/mnt\"}, {\"type\": \"pid\"}]";
        Program program = program(process(""), joined, KernelCalls.all(), Ending.SUPERVISED);
        int hides = indices(Syscall.PRCTL, program).get(1);

        assertEquals(
                List.of(
                        Syscall.SOCKETPAIR,
                        Syscall.PRCTL,
                        Syscall.OPENAT,
                        Syscall.FCNTL,
                        Syscall.CLOSE,
                        Syscall.PIDFD_OPEN,
                        Syscall.READLINKAT,
                        Syscall.STATX,
                        Syscall.PIDFD_SEND_SIGNAL),
                kindsOfCallsBefore(hides, program));
        // What was read by its pid was its own only if nobody has waited for it since.
        int birth = first(Syscall.CLONE3, program);
        assertEquals(
                2,
                indices(Syscall.READLINKAT, program).stream()
                        .filter(index -> index < birth)
                        .count());
        assertTrue(indices(Syscall.READLINKAT, program).get(1) < first(Syscall.PIDFD_SEND_SIGNAL, program));
    }

    @Test
    void looksWhichNamespacesItIsInOnlyWhereItMayNotEnterAll() {
        Program program = program(process(""));
        List<Integer> entries = indices(Syscall.SETNS, program);
        List<Integer> looks = indices(Syscall.READLINKAT, program);

        assertEquals(2, entries.size());
        assertEquals(2, looks.size());
        assertTrue(entries.getFirst() < looks.getFirst() && looks.getLast() < entries.getLast());
        // If that was another process by then, nothing is entered, and nothing of the host's is taken for the
        // container's.
        int sure = indices(Syscall.PIDFD_SEND_SIGNAL, program).stream()
                .filter(index -> index > entries.getFirst())
                .findFirst()
                .orElseThrow();
        assertTrue(looks.getLast() < sure && sure < entries.getLast());
    }

    /** What its user is on the host is to be asked while it is held. */
    @Test
    void asksInAnyCaseInAUserNamespace() {
        String mappings = "[{\"containerID\": 0, \"hostID\": 1000, \"size\": 1}]";
        String namespaces = "[{\"type\": \"user\"}], \"uidMappings\": " + mappings + ", \"gidMappings\": " + mappings;
        Program program = program(process(""), namespaces, KernelCalls.all(), Ending.SUPERVISED);

        assertTrue(report(Tag.HELD, program) < first(Syscall.STATX, program));
    }

    private static List<Syscall> calls(Program program) {
        return program.instructions().stream()
                .filter(Instruction.SystemCall.class::isInstance)
                .map(instruction -> ((Instruction.SystemCall) instruction).call())
                .toList();
    }

    /** Its other side leaves the container before a process that others there can name exists. */
    @Test
    void aTerminalIsMadeBeforeTheProcessIsInThePidNamespace() {
        Program program = program(process(", \"terminal\": true"));

        assertTrue(first(Syscall.FSTATFS, program)
                < indices(Syscall.CLONE, program).getLast());
        assertTrue(indices(Syscall.SENDMSG, program).getLast()
                < indices(Syscall.CLONE, program).getLast());
        assertTrue(indices(Syscall.DUP3, program).getLast() > first(Syscall.SETSID, program));
    }

    /** Whoever listens on a socket takes one connection. */
    @Test
    void isMadeAgainIfItsEngineIsLostUnlessItHasConnected() {
        assertTrue(program(process("")).isRetryable());
        assertFalse(program(process(", \"terminal\": true")).isRetryable());
    }
}
