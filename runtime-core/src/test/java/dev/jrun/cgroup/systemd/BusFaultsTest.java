// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.systemd.FakeSystemd.Fault;
import dev.jrun.kernel.call.EffectiveUser;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Something happens to each call in turn of all that are made for a unit, from the first word to the bus to its end.
 */
@Timeout(120)
class BusFaultsTest {

    private static final Duration SHORT = Duration.ofMillis(300);
    private static final UnitManager.Limits LIMITS =
            new UnitManager.Limits(SHORT, SHORT, Duration.ofSeconds(5), Duration.ofSeconds(5), SHORT);

    private static final int CALLS_TO_CONNECT = 4;

    @TempDir
    private Path directory;

    private interface Life {
        void of(FakeSystemd systemd, UnitManager manager) throws CgroupException;
    }

    private static void live(FakeSystemd systemd, UnitManager manager) throws CgroupException {
        List<UnitProperty> limits = List.of(UnitProperty.number("MemoryMax", 5));
        String invocation = manager.start("x.scope", limits, systemd::hasUnit, path -> false)
                .invocation();
        assertTrue(systemd.hasUnit());
        manager.setProperties(invocation, limits);
        manager.stop("x.scope", invocation);
        assertFalse(systemd.hasUnit());
    }

    private void withSystemd(Life life) throws IOException, CgroupException {
        Path socket = directory.resolve("socket");
        try (FakeSystemd systemd = new FakeSystemd(socket)) {
            var address = new BusAddress(socket, BusAddress.Kind.BUS, EffectiveUser.uid());
            life.of(systemd, UnitManager.at(List.of(address), LIMITS));
        }
    }

    private int calls() throws IOException, CgroupException {
        int[] count = new int[1];
        withSystemd((systemd, manager) -> {
            live(systemd, manager);
            count[0] = systemd.calls.size();
        });
        return count[0];
    }

    @Test
    void aUnitTakesFewCalls() throws IOException, CgroupException {
        assertEquals(11, calls());
    }

    /** Whatever is not answered is asked again, over another connection, and done once. */
    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"CLOSES_BEFORE", "CLOSES_AFTER", "HANGS"})
    void whatIsLostIsFoundOut(Fault fault) throws IOException, CgroupException {
        int calls = calls();
        for (int i = 0; i < calls; i++) {
            int at = i;
            withSystemd((systemd, manager) -> {
                systemd.happen(fault, at);
                live(systemd, manager);
                assertTrue(Collections.frequency(systemd.calls, "StartTransientUnit") <= 2, systemd.calls::toString);
            });
        }
    }

    /** An error is said, and nobody is worse off for it afterwards. */
    @Test
    void anErrorIsSaid() throws IOException, CgroupException {
        int calls = calls();
        for (int i = 0; i < calls; i++) {
            int at = i;
            withSystemd((systemd, manager) -> {
                systemd.happen(Fault.REFUSES, at);
                try {
                    live(systemd, manager);
                    // Whoever is not let in comes again.
                    assertTrue(at < CALLS_TO_CONNECT, systemd.calls::toString);
                } catch (CgroupException e) {
                    assertTrue(e.getMessage().contains("said so"), e.getMessage());
                }
                // What was started ends with the process that is in it.
                systemd.end("inactive");
                live(systemd, manager);
            });
        }
    }
}
