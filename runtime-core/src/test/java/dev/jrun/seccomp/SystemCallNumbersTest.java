// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Machine;
import dev.jrun.kernel.Syscall;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SystemCallNumbersTest {
    private static final int X32_BIT = 1 << 30;

    /**
     * What the kernel's headers have a number for, and libseccomp has none yet; or it has since version 2.6, all but
     * the last.
     */
    private static final Map<Abi, String> NEWER = Map.of(
            Abi.X32, "map_shadow_stack",
            Abi.ARM, "sync_file_range2",
            Abi.SH, "sync_file_range2",
            Abi.LOONGARCH64, "memfd_secret");

    @ParameterizedTest
    @EnumSource
    void areThoseOfLibseccomp(Abi abi) {
        Libseccomp library = Libseccomp.load();
        if (!library.knows(abi)) {
            return;
        }
        List<String> differences = new ArrayList<>();
        for (String name : allNames()) {
            int number = library.number(abi, name);
            boolean isNewer = number < 0 && name.equals(NEWER.get(abi));
            if (number != Libseccomp.UNKNOWN && !isNewer && !library.agrees(abi, name)) {
                differences.add(name + ": " + number + " and " + abi.numbers().get(name));
            }
        }
        assertEquals(List.of(), differences);
    }

    /** The kernel has these for x32, although no x32 program can make use of them: "common" in its syscall_64.tbl. */
    @Test
    void ofX32AreThoseThatItSharesWithX8664() {
        for (String name : List.of("map_shadow_stack", "uretprobe", "uprobe")) {
            int number = Abi.X86_64.numbers().get(name);
            assertEquals(X32_BIT | number, Abi.X32.numbers().get(name), name);
        }
    }

    @ParameterizedTest
    @EnumSource
    void areThereForEachArchitecture(Abi abi) {
        Map<String, Integer> numbers = abi.numbers();
        assertTrue(numbers.size() > 300, () -> numbers.size() + " system calls");
        int read = numbers.get("read");
        assertTrue(numbers.get("mseal") > read, () -> "mseal is " + numbers.get("mseal"));
    }

    @ParameterizedTest
    @EnumSource
    void areThoseThatLaunchProgramsUse(Machine machine) {
        for (Syscall call : Syscall.values()) {
            String name = call.name().toLowerCase(Locale.ROOT);
            assertEquals(call.number(machine), Abi.of(machine).numbers().get(name), name);
        }
    }

    @Test
    void eachArchitectureOfTheSpecificationHasItsAuditValue() {
        TreeSet<Integer> values = new TreeSet<>();
        for (Abi abi : Abi.values()) {
            assertTrue(values.add(abi.auditArch()) || abi == Abi.X32, abi + "");
        }
    }

    private static TreeSet<String> allNames() {
        TreeSet<String> names = new TreeSet<>();
        for (Abi abi : Abi.values()) {
            names.addAll(abi.numbers().keySet());
        }
        return names;
    }
}
