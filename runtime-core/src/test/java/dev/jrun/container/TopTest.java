// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.state.Records;
import dev.jrun.container.state.StateStore;
import dev.jrun.program.SessionBrokenException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopTest {

    @TempDir
    Path root;

    private final Host host = new Host();
    private StateStore store;

    @BeforeEach
    void makeContainers() throws Exception {
        store = new StateStore(root);
        store.claim(new ContainerId("c1"));
        store.write(Records.of("c1"));
        store.claim(new ContainerId("torn"));
        Files.writeString(store.directory(new ContainerId("torn")).resolve("state.json"), "{");
    }

    /** It may run. */
    @Test
    void aContainerThatCannotBeReadIsAProblemOfItsOwn() throws Exception {
        for (Top top : List.of(Top.ofAll(host, store), Top.of(host, store, List.of("torn", "c1", "c2", "torn")))) {
            Top.Look look = top.look(new SilentSession());
            assertEquals(1, look.problems().size(), look::toString);
            assertTrue(look.problems().getFirst().contains("container torn"), look::toString);
            assertEquals(look.containers().size() + 1, look.mayRun());
        }
    }

    @Test
    void nobodyLooksForACallerWhoHasGone() throws Exception {
        Top top = Top.ofAll(host, store);
        assertThrows(SessionBrokenException.class, () -> top.look(SilentSession.ofGoneShim()));
    }

    @Test
    void containersThatAreNamedHaveToBeThere() throws Exception {
        Top top = Top.of(host, store, List.of("nobody"));
        assertTrue(assertThrows(ContainerException.class, top::checkRun)
                .getMessage()
                .contains("does not exist"));
        assertThrows(ContainerException.class, () -> Top.of(host, store, List.of("..")));
    }

    /** Of an engine's heap, 30 MiB are for those who show something. */
    @Test
    void whoLooksAtThousandsAtATimeHasAShareOfTheEnginesMemory() throws Exception {
        try (var _ = host.memory().toShowUse(10_000)) {
            assertThrows(SessionBrokenException.class, () -> host.memory().toShowUse(1000));
        }
        host.memory().toShowUse(1000).close();
    }
}
