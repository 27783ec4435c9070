// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntaxTest {
    @ParameterizedTest
    @CsvSource({
        "ABSOLUTE_PATH, /",
        "VERSION_1, 1.0.0",
        "VERSION_1, 1.20.300",
        "VERSION_1, 1.0.2-dev",
        "VERSION_1, 1.0.0-rc.1+build-5",
        "VERSION_1, 1.0.0+a-b",
        "ENVIRONMENT_ENTRY, A=",
        "ENVIRONMENT_ENTRY, A=b=c",
        "NUMBER_LIST, '0-3, 7'",
        "NUMBER_LIST, '5-5,,8191'",
        "HUGE_PAGE_SIZE, 64KB",
        "HUGE_PAGE_SIZE, 1GB",
        "DEVICE_ACCESS, mrw",
        "FILE_NAME, a.b",
        "CLASS_OF_SERVICE, gold",
        "CLASS_OF_SERVICE, /",
        "CGROUP_FILE, memory.swap.max",
        "CGROUP_FILE, cgroup.max.depth",
        "INTERFACE_NAME, abcdefghijklmno",
        "MEMORY_BANDWIDTH, MB:0=20;1=40"
    })
    void isAllowed(Syntax syntax, String value) {
        assertTrue(syntax.allows(value));
    }

    @ParameterizedTest
    @CsvSource({
        "ABSOLUTE_PATH, a/b",
        "VERSION_1, 1.0",
        "VERSION_1, 1.0.0.0",
        "VERSION_1, 0.5.0",
        "VERSION_1, 2.0.0",
        "VERSION_1, 10.0.0",
        "VERSION_1, 1.01.0",
        "VERSION_1, 1.0.",
        "VERSION_1, 1.0.0-ä",
        "VERSION_1, v1.0.0",
        "ENVIRONMENT_ENTRY, A",
        "ENVIRONMENT_ENTRY, =A",
        "NUMBER_LIST, a",
        "NUMBER_LIST, 3-1",
        "NUMBER_LIST, 1-",
        "NUMBER_LIST, -1",
        "NUMBER_LIST, 1-2-3",
        "NUMBER_LIST, 8192",
        "NUMBER_LIST, 99999",
        "NUMBER_LIST, ','",
        "NUMBER_LIST, '1 - 2'",
        "NUMBER_LIST, 0-10:2/4",
        "HUGE_PAGE_SIZE, 64K",
        "HUGE_PAGE_SIZE, KB",
        "HUGE_PAGE_SIZE, B",
        "HUGE_PAGE_SIZE, 04KB",
        "HUGE_PAGE_SIZE, 64kB",
        "HUGE_PAGE_SIZE, 6.4KB",
        "DEVICE_ACCESS, rwx",
        "FILE_NAME, .",
        "FILE_NAME, ..",
        "FILE_NAME, a/b",
        "CLASS_OF_SERVICE, a/b",
        "CLASS_OF_SERVICE, ..",
        "CGROUP_FILE, memory",
        "CGROUP_FILE, .max",
        "CGROUP_FILE, cgroup.procs",
        "CGROUP_FILE, cgroup.kill",
        "CGROUP_FILE, ../a.b",
        "INTERFACE_NAME, abcdefghijklmnop",
        "INTERFACE_NAME, äöüäöüäö",
        "INTERFACE_NAME, a:b",
        "INTERFACE_NAME, 'a b'",
        "INTERFACE_NAME, ..",
        "MEMORY_BANDWIDTH, L3:0=f"
    })
    void isNotAllowed(Syntax syntax, String value) {
        assertFalse(syntax.allows(value));
    }
}
