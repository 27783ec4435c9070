// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.LaunchRequest.Adoption;
import dev.jrun.launch.LaunchRequest.Afterwards;
import dev.jrun.launch.LaunchRequest.Ending;
import dev.jrun.launch.LaunchedConfig;
import dev.jrun.launch.SeccompListener;
import dev.jrun.launch.SeccompNotification;
import dev.jrun.launch.StartProgram;
import dev.jrun.launch.part.CallerRights;
import dev.jrun.launch.part.StateSubject;
import dev.jrun.program.Instruction;
import dev.jrun.program.Program;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Hooks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** When a filter is loaded, what init does under it, and who gets its listener. */
class SeccompLoadingTest {

    private static final String ALLOW = "{\"defaultAction\": \"SCMP_ACT_ALLOW\"}";
    private static final String NOTIFY = "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"listenerPath\": \"/run/agent\","
            + " \"syscalls\": [{\"names\": [\"mkdir\"], \"action\": \"SCMP_ACT_NOTIFY\"}]}";

    private static LaunchedConfig with(String profile, boolean noNewPrivileges) {
        return LaunchedConfig.byDefault()
                .with("/linux/seccomp", profile)
                .with("/process/noNewPrivileges", Boolean.toString(noNewPrivileges));
    }

    /** The system calls on the way from loading the filter to the executable, where nothing fails. */
    private static List<Syscall> afterwards(LaunchedConfig config) {
        List<Syscall> calls = new ArrayList<>();
        boolean loaded = false;
        for (Instruction instruction : config.create().program().instructions()) {
            if (instruction instanceof Instruction.SystemCall made) {
                if (loaded) {
                    calls.add(made.call());
                }
                loaded |= made.call() == Syscall.SECCOMP;
                if (loaded && made.call() == Syscall.EXECVE) {
                    return calls;
                }
            }
        }
        throw new AssertionError("no filter is loaded, or nothing executed");
    }

    @Test
    void onlyTheExecutionFollows() {
        assertEquals(List.of(Syscall.EXECVE), afterwards(with(ALLOW, true)));
        assertEquals(List.of(Syscall.CAPSET, Syscall.EXECVE), afterwards(with(ALLOW, false)));
    }

    @Test
    void aListenerIsHandedOverByWritingAndReading() {
        assertEquals(List.of(Syscall.WRITE, Syscall.READ, Syscall.EXECVE), afterwards(with(NOTIFY, true)));
    }

    /** It has CAP_SYS_ADMIN, and its filter is not loaded yet. */
    @Test
    void initStaysHiddenFromAllButAShimThatMayTrace() {
        String inspectable = "prctl(PR_SET_DUMPABLE, 1)";
        assertFalse(with(NOTIFY, false).calls(Syscall.PRCTL).contains(inspectable));
        var withoutTracing = with(NOTIFY, false).of(new CallerRights(true, true, false, true));
        assertTrue(withoutTracing.calls(Syscall.PRCTL).contains(inspectable));
        assertFalse(with(ALLOW, false)
                .of(new CallerRights(true, true, false, true))
                .calls(Syscall.PRCTL)
                .contains(inspectable));
    }

    @Test
    void withoutAProfileThereIsNothing() {
        assertEquals(List.of(), LaunchedConfig.byDefault().calls(Syscall.SECCOMP));
        assertEquals(1, LaunchedConfig.byDefault().calls(Syscall.CAPSET).size());
        assertEquals(3, with(ALLOW, false).calls(Syscall.CAPSET).size());
    }

    @Test
    void theShimThatStartsTheProgramServesTheAgent() {
        assertEquals(List.of(), with(NOTIFY, true).calls(Syscall.PIDFD_GETFD), "create leaves it to start");
        var run = with(NOTIFY, true)
                .with(new Ending.Supervised(Adoption.BY_SHIM, Afterwards.REMOVE, LaunchedConfig.STATE_DIRECTORY));
        assertEquals(1, run.calls(Syscall.PIDFD_GETFD).size());
        assertTrue(run.lines("/linux/seccomp/listenerPath").stream()
                .anyMatch(line -> line.contains("sun_path=\"/proc/self/fd/<directory>/agent\"")));
        var container = new StateSubject("1.3.0", "c1", Path.of("/b"), Annotations.NONE, Hooks.NONE);
        var listener = new SeccompListener(Path.of("/run/agent"), Optional.empty());
        Program start = new StartProgram(
                        LaunchedConfig.STATE,
                        Machine.X86_64,
                        Optional.of(new SeccompNotification(listener, container, 7)),
                        OptionalLong.empty())
                .program();
        assertTrue(LaunchedConfig.lines(start, source -> true).contains("init = pidfd_open(7, 0)"));
    }
}
