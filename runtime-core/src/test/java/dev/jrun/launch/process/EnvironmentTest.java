// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.program.Assembler;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvironmentTest {

    @ParameterizedTest
    @CsvSource(delimiterString = " -> ", textBlock = """
            A=1 HOME=/h B=   -> A=1 HOME=/h B=
            A=1 B=2 A=3      -> B=2 A=3 + room
            HOME=/a HOME=/b  -> HOME=/b
            HOME= HOME=/b    -> HOME=/b
            HOME=/a HOME=    -> + room
            A=B=C HOMER=x    -> A=B=C HOMER=x + room
            """)
    void theLastOfEachNameCountsAndHomeIsAdded(String configured, String found) {
        var asm = new Assembler();
        var environment = new Environment(asm, List.of(configured.split(" ")));
        boolean room = found.endsWith("+ room");
        String rest = found.replace("+ room", "").strip();

        assertEquals(room, environment.needsHome());
        assertEquals(rest.isEmpty() ? List.of() : List.of(rest.split(" ")), environment.entries());
    }
}
