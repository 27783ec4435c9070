// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VariantTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "true | b | true",
                " false  | b | false",
                "'text' | s | text",
                "\"it's\" | s | it's",
                "'a\\'b\\\\c\\u0041\\n' | s | a'b\\cA`",
                "5 | i | 5",
                "-5 | i | -5",
                "0x10 | i | 16",
                "1.5 | d | 1.5",
                "1e3 | d | 1000.0",
                "uint64 18446744073709551615 | t | -1",
                "uint64 5 | t | 5",
                "int64 -5 | x | -5",
                "uint32 4294967295 | u | -1",
                "byte 255 | y | -1",
                "int16 -3 | n | -3",
                "uint16 65535 | q | -1",
                "double 3 | d | 3.0",
                "string 'x' | s | x",
                "objectpath '/a' | o | /a",
                "['a', 'b'] | as | [a, b]",
                "['a',] | as | [a]",
                "[uint32 1, 2] | au | [1, 2]",
                "@as [] | as | []",
                "@a(ss) [('a', 'b')] | a(ss) | [[a, b]]",
                "[('/dev/null', 'rwm')] | a(ss) | [[/dev/null, rwm]]",
                "[('/x', uint64 5)] | a(st) | [[/x, 5]]",
                "(1, 'a', [true]) | (isab) | [1, a, [true]]",
                "@t 7 | t | 7",
                "@(tu) (1, 2) | (tu) | [1, 2]",
            })
    void textStandsForAValue(String text, String signature, String value) throws VariantText.Malformed {
        VariantText.Typed read = VariantText.parse(text);
        assertEquals(signature, read.signature());
        assertEquals(value.replace("`", "\n"), read.value().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | a value is missing at character 1",
                "'text | the end of a string is missing",
                "five | \"five\" is no value",
                "5 6 | \"6\" is left over",
                "uint64 -1 | is no value of type t",
                "uint32 4294967296 | is no value of type u",
                "byte 'a' | that is a byte",
                "2147483648 | is no value",
                "[] | of what type an empty array is",
                "['a', 5] | \"5\" is no value of type s",
                "['a', true] | an array has values of one type",
                "['a' 'b'] | a comma or ']' is missing",
                "['a' | a value is missing",
                "() | a structure without members",
                "@ 5 | is no type",
                "@a 5 | is no type",
                "@a{sv} {} | is no type",
                "@as 'x' | a value of type as is missing",
                "'\\u12' | four hexadecimal digits",
                "[[[[[[[[[1]]]]]]]]] | nested more than 8 deep",
            })
    void whatStandsForNothingIsSaidToBeSo(String text, String reason) {
        String said = assertThrows(VariantText.Malformed.class, () -> VariantText.parse(text))
                .getMessage();
        assertTrue(said.contains(reason), said);
    }

    /** As properties are kept until an update is complete. */
    @Test
    void propertiesAreTheSameAfterTheyWereKept() throws CgroupException {
        List<UnitProperty> properties = List.of(
                UnitProperty.number("MemoryMax", UnitProperty.INFINITY),
                UnitProperty.text("Description", "it's\na \\ \"text\""),
                UnitProperty.truth("Delegate", true),
                UnitProperty.bytes("AllowedCPUs", List.of((byte) 3, (byte) -128)),
                new UnitProperty("DeviceAllow", "a(ss)", List.of()),
                new UnitProperty(
                        "DeviceAllow", "a(ss)", List.of(List.of("/dev/char/1:3", "rw"), List.of("char-*", "m"))),
                new UnitProperty("IODeviceWeight", "a(st)", List.of(List.of("/dev/block/8:0", 300L))));
        assertEquals(properties, PropertiesText.parse(PropertiesText.of(properties)));
    }

    @Test
    void whatIsNoPropertyIsSaid() {
        String said = assertThrows(CgroupException.class, () -> PropertiesText.parse("MemoryMax @t five"))
                .getMessage();
        assertTrue(said.startsWith("\"MemoryMax @t five\" is no property of a unit: "), said);
    }
}
