// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Field;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the kernel's numbers with the headers of this machine, where it has them. */
class KernelNumbersTest {

    private static void assertNumbered(Machine machine, Map<String, Long> header) {
        for (Syscall call : Syscall.values()) {
            Long number = header.get("__NR_" + call.callName());
            if (number == null) {
                number = header.get("__NR3264_" + call.callName());
            }
            assertEquals(number, (long) call.number(machine), call.callName());
        }
    }

    @Test
    void systemCallsOfX86() throws Exception {
        assertNumbered(Machine.X86_64, Headers.numbers("x86_64-linux-gnu/asm/unistd_64.h"));
    }

    @Test
    void systemCallsOfArmAreTheGenericOnes() throws Exception {
        Map<String, Long> header = Headers.numbers("asm-generic/unistd.h");
        // The header gives these names by the size of a long.
        header.put("__NR_newfstatat", header.get("__NR3264_fstatat"));
        assertNumbered(Machine.AARCH64, header);
    }

    @Test
    void noTwoSystemCallsHaveOneNumber() {
        for (Machine machine : Machine.values()) {
            Map<Integer, Syscall> calls = new TreeMap<>();
            for (Syscall call : Syscall.values()) {
                assertEquals(null, calls.put(call.number(machine), call), () -> call + " on " + machine);
            }
        }
    }

    @Test
    void errors() throws Exception {
        Map<String, Long> header = Headers.numbers("asm-generic/errno-base.h");
        header.putAll(Headers.numbers("asm-generic/errno.h"));
        Map<String, Long> own = new TreeMap<>();
        for (Errno errno : Errno.values()) {
            own.put(errno.name(), (long) errno.number());
            assertEquals(errno, Errno.of(errno.number()));
        }
        header.entrySet().removeIf(entry -> !entry.getKey().startsWith("E") || entry.getValue() > 133);
        assertEquals(new TreeMap<>(header), own);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -2, 41, 58, 134, 4095})
    void noErrorHasSuchANumber(int number) {
        assertThrows(IllegalArgumentException.class, () -> Errno.of(number));
    }

    @Test
    void capabilities() throws Exception {
        Map<String, Long> header = Headers.numbers("linux/capability.h");
        for (Capability capability : Capability.values()) {
            assertEquals(header.get(capability.name()), (long) capability.ordinal(), capability.name());
            assertEquals(Optional.of(capability), Capability.named(capability.name()));
        }
    }

    @Test
    void aCapabilityHasItsWholeName() {
        assertEquals(Optional.empty(), Capability.named("KILL"));
        assertEquals(Optional.empty(), Capability.named("cap_kill"));
        assertEquals(Optional.empty(), Capability.named(""));
    }

    @Test
    void aSetOfCapabilitiesIsAMask() {
        assertEquals(0, Capability.mask(Set.of()));
        assertEquals(1L | 1L << 40, Capability.mask(Set.of(Capability.CAP_CHOWN, Capability.CAP_CHECKPOINT_RESTORE)));
    }

    @Test
    void resourceLimits() throws Exception {
        Map<String, Long> header = Headers.numbers("asm-generic/resource.h");
        for (ResourceLimit limit : ResourceLimit.values()) {
            assertEquals(header.get(limit.name()), (long) limit.ordinal(), limit.name());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "MountFlags, linux/mount.h",
        "Prctl, linux/prctl.h",
        "CloneFlags, linux/sched.h",
        "OpenFlags, asm-generic/fcntl.h",
        "OpenFlags, linux/openat2.h",
        "OpenFlags, linux/fcntl.h",
        "FileControl, linux/memfd.h",
        "FileControl, linux/fcntl.h",
        "FileControl, linux/close_range.h",
        "Keyctl, linux/keyctl.h",
        "FileMode, linux/stat.h",
        "SocketFlags, linux/sockios.h",
        "Sched, linux/sched.h",
        "Mempolicy, linux/mempolicy.h",
        "SeccompFlags, linux/seccomp.h",
        "SeccompReturn, linux/seccomp.h",
        "Netlink, linux/netlink.h",
        "Netlink, linux/if_addr.h",
    })
    void constantsAreThoseOfTheHeader(String holder, String header) throws Exception {
        Map<String, Long> numbers = Headers.numbers(header);
        int compared = 0;
        for (Field constant : Class.forName("dev.jrun.kernel." + holder).getFields()) {
            if (numbers.containsKey(constant.getName())) {
                boolean is32Bit = constant.getType() == int.class;
                long number = is32Bit ? Integer.toUnsignedLong(constant.getInt(null)) : constant.getLong(null);
                assertEquals(numbers.get(constant.getName()), number, constant.getName());
                compared++;
            }
        }
        assumeTrue(compared > 0, header + " defines nothing of " + holder);
    }

    @Test
    void aDefinitionThatIsNoNumberIsLeftOut() throws Exception {
        assertFalse(Headers.numbers("linux/prctl.h").containsKey("_LINUX_PRCTL_H"));
    }
}
