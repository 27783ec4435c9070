// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.launch.LaunchedConfig;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MemoryPlacementTest {

    @ParameterizedTest
    @CsvSource(delimiterString = " | ", textBlock = """
            {"mode": "MPOL_DEFAULT"}                                  | MPOL_DEFAULT, NULL, 0
            {"mode": "MPOL_LOCAL"}                                    | MPOL_LOCAL, NULL, 0
            {"mode": "MPOL_PREFERRED"}                                | MPOL_PREFERRED, NULL, 0
            {"mode": "MPOL_DEFAULT", "nodes": ""}                     | MPOL_DEFAULT, NULL, 0
            {"mode": "MPOL_LOCAL", "nodes": ""}                       | MPOL_LOCAL, NULL, 0
            {"mode": "MPOL_PREFERRED", "nodes": ""}                   | MPOL_PREFERRED, NULL, 0
            {"mode": "MPOL_PREFERRED", "nodes": "1"}                  | MPOL_PREFERRED, [buffer], maxnode=65
            {"mode": "MPOL_PREFERRED_MANY", "nodes": "0-1"}           | MPOL_PREFERRED_MANY, [buffer], maxnode=65
            {"mode": "MPOL_INTERLEAVE", "nodes": "0,64"}              | MPOL_INTERLEAVE, [buffer], maxnode=129
            {"mode": "MPOL_INTERLEAVE", "nodes": "0-1023"}            | MPOL_INTERLEAVE, [buffer], maxnode=1025
            {"mode": "MPOL_WEIGHTED_INTERLEAVE", "nodes": "0"}        | MPOL_WEIGHTED_INTERLEAVE, [buffer], maxnode=65
            {"mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_STATIC_NODES", "MPOL_F_NUMA_BALANCING"]} | MPOL_BIND|MPOL_F_NUMA_BALANCING|MPOL_F_STATIC_NODES, [buffer], maxnode=65
            {"mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_RELATIVE_NODES"]} | MPOL_BIND|MPOL_F_RELATIVE_NODES, [buffer], maxnode=65
            """)
    void everyModeHasItsFlagsAndNodes(String policy, String arguments) {
        assertEquals(
                List.of("set_mempolicy(" + arguments + ")"),
                LaunchedConfig.byDefault().with("/linux/memoryPolicy", policy).lines("/linux/memoryPolicy"));
    }
}
