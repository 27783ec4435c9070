// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CommandExceptionTest {

    @Test
    void aMessageIsAsItIs() {
        assertEquals("jrun: no such thing\n", new CommandException("no such thing").report());
    }

    @Test
    void aMessageOfAnyLengthIsCutInItsMiddle() {
        String report = new CommandException("remove " + "x".repeat(1_000_000) + ": busy").report();
        assertTrue(report.length() < 33_000, () -> report.length() + " characters");
        assertTrue(report.startsWith("jrun: remove xxx"), report);
        assertTrue(report.endsWith("xxx: busy\n"), report);
        assertTrue(report.contains("x [967245 characters left out] x"), report);
    }
}
