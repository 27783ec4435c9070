// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Capability;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.NewerCall;
import dev.jrun.launch.part.KernelCalls;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Instruction;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Report;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KernelProbeTest {

    private static final long PRIVILEGED = 1L << Capability.CAP_SYS_ADMIN.ordinal();

    /** Of which EINVAL says that the kernel does not know them. */
    private static final Set<NewerCall> FLAGS =
            Set.of(NewerCall.CLOSE_RANGE_CLOEXEC, NewerCall.SECCOMP_WAIT_KILLABLE_RECV);

    private final ProbeProgram probe = ProbeProgram.alone();

    @Test
    void aCallThatComplainsOfItsArgumentsIsThere() {
        assertEquals(Set.of(NewerCall.values()), result(PRIVILEGED, Map.of()).present());
    }

    @Test
    void aCallThatIsUnknownOrForbiddenIsNotThere() {
        KernelCalls kernel = result(PRIVILEGED, Map.of(NewerCall.OPENAT2, Errno.ENOSYS, NewerCall.FSOPEN, Errno.EPERM));

        assertEquals(EnumSet.complementOf(EnumSet.of(NewerCall.OPENAT2, NewerCall.FSOPEN)), kernel.present());
    }

    @Test
    void aCallerWhoMayNotMountLearnsNothingFromBeingToldSo() {
        KernelCalls kernel = result(0, Map.of(NewerCall.FSOPEN, Errno.EPERM, NewerCall.KEYCTL, Errno.EPERM));

        assertEquals(EnumSet.complementOf(EnumSet.of(NewerCall.KEYCTL)), kernel.present());
    }

    @Test
    void aStructureThatIsTooLongOrAFlagThatIsUnknownIsNotThere() {
        KernelCalls kernel = result(
                PRIVILEGED,
                Map.of(
                        NewerCall.CLONE_INTO_CGROUP, Errno.E2BIG,
                        NewerCall.CLOSE_RANGE_CLOEXEC, Errno.EINVAL,
                        NewerCall.SECCOMP_WAIT_KILLABLE_RECV, Errno.EINVAL));

        assertEquals(
                EnumSet.complementOf(EnumSet.of(
                        NewerCall.CLONE_INTO_CGROUP,
                        NewerCall.CLOSE_RANGE_CLOEXEC,
                        NewerCall.SECCOMP_WAIT_KILLABLE_RECV)),
                kernel.present());
    }

    @Test
    void probingMayBeDoneAgain() {
        assertTrue(probe.program().isRetryable());
    }

    /** What is reported when these calls have these errors, and all others complain of their arguments. */
    private KernelCalls result(long capabilities, Map<NewerCall, Errno> errors) {
        Map<Integer, Long> registers = new HashMap<>();
        Program program = probe.program();
        for (Register register : report(program).registers()) {
            registers.put(register.number(), capabilities);
            for (NewerCall call : NewerCall.values()) {
                if (register.name().equals(call.callName())) {
                    Errno errno = errors.getOrDefault(call, FLAGS.contains(call) ? Errno.EBADF : Errno.EINVAL);
                    registers.put(register.number(), (long) -errno.number());
                }
            }
        }
        return probe.result(new Report.Yielded(Tag.KERNEL.ordinal(), registers, List.of()));
    }

    private static Instruction.Yield report(Program program) {
        return program.instructions().stream()
                .filter(Instruction.Yield.class::isInstance)
                .map(Instruction.Yield.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
