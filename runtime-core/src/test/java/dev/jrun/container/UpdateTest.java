// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.state.StateStore;
import dev.jrun.container.update.AskedResources;
import dev.jrun.container.update.LimitsUpdate;
import dev.jrun.container.update.UpdateCall;
import dev.jrun.program.SessionBrokenException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpdateTest {

    /** As long as a document may be. */
    private static final int LONGEST = 1 << 20;

    @TempDir
    Path root;

    private final Host host = new Host();

    private LimitsUpdate update(String json) {
        var call = new UpdateCall(
                new ContainerId("c1"),
                new AskedResources.OnCommandLine(json, Map.of()),
                Optional.empty(),
                Optional.empty());
        return new LimitsUpdate(host, new StateStore(root), call);
    }

    /**
     * Of an engine's heap, 20 MiB are for what was read and waits for a container, of whom another call may have the
     * lock.
     */
    @Test
    void limitsThatWaitForTheirContainerHaveAShareOfTheEnginesMemory() throws Exception {
        String large = "{\"unified\": {\"a.b\": \"" + " ".repeat(LONGEST - 40) + "\"}}";
        try (LimitsUpdate second = update(large);
                LimitsUpdate third = update(large)) {
            try (LimitsUpdate first = update(large)) {
                first.read(new SilentSession());
                second.read(new SilentSession());
                assertThrows(SessionBrokenException.class, () -> third.read(new SilentSession()));
            }
            assertEquals(List.of(), third.read(new SilentSession()));
        }
    }
}
