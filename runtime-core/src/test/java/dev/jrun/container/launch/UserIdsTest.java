// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class UserIdsTest {

    @Test
    void areThoseOfTheKernelsRanges() {
        UserIds ids = UserIds.parse("         0     100000       1000\n      5000          7 4294960000\n");

        assertEquals(OptionalLong.of(100000), ids.host(0));
        assertEquals(OptionalLong.of(100999), ids.host(999));
        assertEquals(OptionalLong.empty(), ids.host(1000));
        assertEquals(OptionalLong.of(8), ids.host(5001));
    }

    @Test
    void areTheSameInTheOwnNamespace() throws IOException {
        assertEquals(
                OptionalLong.of(0), UserIds.of(ProcessHandle.current().pid()).host(0));
    }
}
