// SPDX-License-Identifier: Apache-2.0
package dev.jrun.engine.company;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CompanyTest {

    private static final Place EVERYWHERE = _ -> true;
    private static final Place NOWHERE = _ -> false;
    private static final Place HIDDEN = _ -> {
        throw new IOException("permission denied");
    };

    private static Process other() throws IOException {
        return new ProcessBuilder("sleep", "1000").start();
    }

    @Test
    void aCompanionIsInAPlaceUntilItEnds() throws Exception {
        Process process = other();
        Companion companion =
                Companion.at((int) process.pid(), List.of(NOWHERE, EVERYWHERE)).orElseThrow();
        assertTrue(companion.isIn(EVERYWHERE));
        assertFalse(companion.isIn(NOWHERE));
        assertFalse(companion.isIn(HIDDEN));

        process.destroy();
        process.waitFor();
        assertFalse(companion.isIn(EVERYWHERE));
        companion.leave();
    }

    @Test
    void whoCannotBeSeenIsNoCompanion() throws Exception {
        Process process = other();
        assertEquals(Optional.empty(), Companion.at((int) process.pid(), List.of(NOWHERE)));
        assertEquals(Optional.empty(), Companion.at((int) process.pid(), List.of(HIDDEN)));
        process.destroy();
        process.waitFor();
        assertEquals(Optional.empty(), Companion.at((int) process.pid(), List.of(EVERYWHERE)));
    }

    @Test
    void namespacesAreToldByWhatTheirLinksSay() throws Exception {
        Process process = other();
        for (Place place : InitialNamespace.others()) {
            assertTrue(place.has((int) process.pid()));
        }
        for (Place place : OwnCgroup.own(OwnNamespaces.find())) {
            assertTrue(place.has((int) process.pid()));
        }
        process.destroy();
        process.waitFor();
        for (Place place : OwnCgroup.own(OwnNamespaces.find())) {
            assertThrows(IOException.class, () -> place.has((int) process.pid()));
        }
    }
}
