// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.state.Records;
import dev.jrun.container.state.StateStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListContainersTest {

    @TempDir
    Path root;

    @Test
    void aContainerThatCannotBeReadDoesNotHideTheOthers() throws Exception {
        var store = new StateStore(root);
        store.claim(new ContainerId("c1"));
        store.write(Records.of("c1"));
        store.claim(new ContainerId("torn"));
        Files.writeString(store.directory(new ContainerId("torn")).resolve("state.json"), "{");
        ListContainers.Listed listed = new ListContainers(store).execute();
        assertEquals("c1", listed.containers().getFirst().kept().id().text());
        assertEquals(1, listed.containers().size());
        assertTrue(
                listed.problems().getFirst().contains("container torn"),
                listed.problems().toString());
    }
}
