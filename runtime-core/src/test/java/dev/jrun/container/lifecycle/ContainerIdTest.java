// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerIdTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "c1",
                "A_b+c-d.e",
                "...",
                "-",
                "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
            })
    void isANameOfLettersDigitsAndAFewSigns(String text) throws Exception {
        assertEquals(text, ContainerId.of(text).text());
        assertEquals(text, ContainerId.of(text).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".", "..", "/", "../x", "a/b", "/etc", "a b", "a\n", "a\0", "a:b", "a\\b", "ä", "a*", "~", "a@b",
                "\u202e"
            })
    void isNoPathAndNothingOdd(String text) {
        var refused = assertThrows(ContainerException.class, () -> ContainerId.of(text));
        assertEquals(
                "invalid container id \"" + text + "\"; allowed: letters, digits, \"_\", \"+\", \"-\" and \".\"",
                refused.getMessage());
    }

    @Test
    void isNotEmpty() {
        assertEquals(
                "a container's id cannot be empty",
                assertThrows(ContainerException.class, () -> ContainerId.of("")).getMessage());
    }

    @Test
    void fitsTheNameOfADirectory() throws Exception {
        assertEquals(255, ContainerId.of("a".repeat(255)).text().length());
        assertEquals(
                "a container's id has at most 255 characters, not 256",
                assertThrows(ContainerException.class, () -> ContainerId.of("a".repeat(256)))
                        .getMessage());
    }
}
