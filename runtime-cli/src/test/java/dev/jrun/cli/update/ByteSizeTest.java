// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.update;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What github.com/docker/go-units reads, which runc, Docker and Podman use. */
class ByteSizeTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-1, -1",
        "1024, 1024",
        "32b, 32",
        "32B, 32",
        "50M, 52428800",
        "64k, 65536",
        "64kb, 65536",
        "64KiB, 65536",
        "64 KiB, 65536",
        "1.5g, 1610612736",
        ".5m, 524288",
        "2., 2",
        "1.9999, 1",
        "3t, 3298534883328",
        "1p, 1125899906842624",
        "9223372036854771712, 9223372036854771712",
        "9223372036854775807, 9223372036854775807"
    })
    void areBytes(String text, long bytes) {
        assertEquals(OptionalLong.of(bytes), ByteSize.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-2",
                "-1m",
                "x",
                "5x",
                "5 kk",
                "5  m",
                "5mm",
                "5ib",
                "5bb",
                "k",
                ".",
                "1..2",
                "1.2.3",
                "+5",
                "1e3",
                "9999999p",
                "9223372036854775808",
                "0x10",
                " 5",
                "5 m "
            })
    void areNone(String text) {
        assertEquals(OptionalLong.empty(), ByteSize.parse(text));
    }
}
