// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Text that Go's text/tabwriter made of the same cells for {@code runc list}. */
class TableTest {

    @Test
    void columnsAreTwelveWideAtLeast() {
        assertEquals(
                "ID          PID         STATUS      BUNDLE      CREATED     OWNER\n",
                Table.text(List.of(List.of("ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"))));
    }

    @Test
    void longCellsMakeTheirColumnWider() {
        assertEquals(
                "ID          BUNDLE         OWNER\ntc1         /tmp/eng-try   root\n",
                Table.text(List.of(List.of("ID", "BUNDLE", "OWNER"), List.of("tc1", "/tmp/eng-try", "root"))));
    }

    @Test
    void widthIsInCharacters() {
        assertEquals(
                "😀😀😀😀😀😀😀😀😀😀   b\nx            b\n",
                Table.text(List.of(List.of("😀".repeat(10), "b"), List.of("x", "b"))));
    }
}
