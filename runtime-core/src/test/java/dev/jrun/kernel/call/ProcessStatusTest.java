// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Capability;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcessStatusTest {
    private final ProcessStatus status =
            new ProcessStatus("Name:\tPPid:\t7\nPPid:\t12\nNSpid:\t40\t1\nCapEff:\t0000000000000004\n");

    @Test
    void linesAreFoundByTheirNamesAndNotInTheProcessesOwn() {
        assertEquals(Optional.of("12"), status.value("PPid"));
        assertEquals(Optional.of("40\t1"), status.value("NSpid"));
        assertEquals(Optional.of("PPid:\t7"), status.value("Name"));
        assertEquals(Optional.empty(), status.value("Seccomp"));
    }

    @Test
    void capabilitiesAreBits() throws IOException {
        assertTrue(status.has(Capability.CAP_DAC_READ_SEARCH, "CapEff"));
        assertFalse(status.has(Capability.CAP_DAC_OVERRIDE, "CapEff"));
        assertThrows(IOException.class, () -> status.has(Capability.CAP_DAC_OVERRIDE, "CapPrm"));
    }

    @Test
    void theKernelSaysThatOfThisProcess() throws IOException {
        assertEquals(
                ProcessHandle.current().parent().orElseThrow().pid(),
                Long.parseLong(ProcessStatus.own().value("PPid").orElseThrow()));
    }
}
