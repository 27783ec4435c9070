// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec.reading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SysctlNameTest {

    @ParameterizedTest
    @CsvSource({
        "net.ipv4.ip_forward, net/ipv4/ip_forward",
        "net/ipv4/ip_forward, net/ipv4/ip_forward",
        "net.ipv4.conf.eth0/1.rp_filter, net/ipv4/conf/eth0.1/rp_filter",
        "net/ipv4/conf/eth0.1/rp_filter, net/ipv4/conf/eth0.1/rp_filter",
        "kernel, kernel",
    })
    void theFirstSeparatorSeparates(String name, String path) {
        assertEquals(path, SysctlName.of(name).orElseThrow().path());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "/net/ipv4",
                "net.",
                "net..ipv4",
                "net//ipv4",
                "net/../kernel/core_pattern",
                "net.//.kernel.core_pattern",
                "net/./ipv4",
                "net./.ipv4"
            })
    void noNameLeadsOutOfItsDirectory(String name) {
        assertTrue(SysctlName.of(name).isEmpty());
    }

    @Test
    void aDirectoryIsNotItsNeighbour() {
        assertTrue(SysctlName.of("net.core.somaxconn").orElseThrow().isBelow("net/"));
        assertTrue(!SysctlName.of("network.core").orElseThrow().isBelow("net/"));
    }
}
