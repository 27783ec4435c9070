// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.notify;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceManagerTest {

    private static byte[] address(String name) {
        return ServiceManager.named(name).orElseThrow().address();
    }

    @Test
    void aPathEndsWithANul() {
        assertArrayEquals("\1\0/run/notify\0".getBytes(StandardCharsets.ISO_8859_1), address("/run/notify"));
    }

    /** unix(7). */
    @Test
    void anAbstractNameBeginsWithOne() {
        assertArrayEquals("\1\0\0name".getBytes(StandardCharsets.ISO_8859_1), address("@name"));
    }

    @Test
    void theAddressIsNoLongerThanItMayBe() {
        assertEquals(110, address("/" + "x".repeat(106)).length);
        assertEquals(Optional.empty(), ServiceManager.named("/" + "x".repeat(107)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "run/notify", "vsock:2:1234"})
    void nothingElseIsASocket(String name) {
        assertEquals(Optional.empty(), ServiceManager.named(name));
    }
}
