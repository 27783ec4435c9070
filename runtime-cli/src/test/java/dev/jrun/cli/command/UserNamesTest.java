// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class UserNamesTest {

    private static final int NOBODYS = -3;

    @Test
    void aUserHasItsNameAndAnIdOfNobodyIsANumber() {
        UserNames names = new UserNames();

        assertEquals("root", names.of(0));
        assertEquals("#4294967293", names.of(NOBODYS));
    }
}
