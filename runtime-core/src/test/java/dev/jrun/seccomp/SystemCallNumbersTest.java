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
            boolean isMultiplexed = number <= -100 && number > -300;
            Integer own = abi.numbers().get(name);
            boolean isSame = number < 0 ? own == null : own != null && own == number;
            if (number != Libseccomp.UNKNOWN && !isMultiplexed && !isSame) {
                differences.add(name + ": " + number + " and " + own);
            }
        }
        // The same number as arm_sync_file_range, and two names in the kernel's header.
        assertEquals(abi == Abi.ARM ? List.of("sync_file_range2: -10089 and 341") : List.of(), differences);
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
