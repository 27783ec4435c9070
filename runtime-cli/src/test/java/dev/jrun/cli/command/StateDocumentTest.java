// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.jrun.cgroup.driver.ContainerPlaces;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.Status;
import dev.jrun.container.state.ContainerDescription;
import dev.jrun.container.state.ContainerRecord;
import dev.jrun.container.state.ContainerState;
import dev.jrun.container.state.FirstProcess;
import dev.jrun.container.state.PidScope;
import dev.jrun.container.state.ProcessIdentity;
import dev.jrun.json.JsonWriter;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Hooks;
import dev.jrun.spec.fixtures.OciSchema;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What {@code runc state} and {@code runc list -f json} print for such a container. */
class StateDocumentTest {

    /** Nothing of a short document is passed on before its end. */
    private static final LongOutput AT_ONCE = new LongOutput(null);

    private static ContainerState state(Map<String, String> annotations) {
        return state(annotations, Status.CREATED);
    }

    private static ContainerState state(Map<String, String> annotations, Status status) {
        var init = new ProcessIdentity(15155, 1, new PidScope("", ""));
        var description = new ContainerDescription(
                "1.0.2-dev",
                new ContainerId("tc1"),
                Path.of("/tmp/b"),
                Path.of("/tmp/b/rootfs"),
                Instant.parse("2026-11-20T22:37:51.068500669Z"),
                0,
                Annotations.of(annotations),
                Hooks.NONE,
                Optional.empty(),
                true,
                false);
        var container = new ContainerRecord(
                description,
                ContainerPlaces.NONE,
                init,
                Optional.of(new FirstProcess(init, new TreeMap<>(), List.of())));
        return new ContainerState(container, status);
    }

    @Test
    void isIndentedForState() throws Exception {
        var json = JsonWriter.indented("  ");
        StateDocument.write(json, state(Map.of("z", "y", "a", "b")), "", AT_ONCE);
        assertEquals("""
                {
                  "ociVersion": "1.0.2-dev",
                  "id": "tc1",
                  "pid": 15155,
                  "status": "created",
                  "bundle": "/tmp/b",
                  "rootfs": "/tmp/b/rootfs",
                  "created": "2026-11-20T22:37:51.068500669Z",
                  "annotations": {
                    "a": "b",
                    "z": "y"
                  },
                  "owner": ""
                }""", json.toString());
    }

    @Test
    void isOnOneLineForList() throws Exception {
        var json = JsonWriter.compact();
        StateDocument.write(json, state(Map.of()), "root", AT_ONCE);
        assertEquals(
                "{\"ociVersion\":\"1.0.2-dev\",\"id\":\"tc1\",\"pid\":15155,\"status\":\"created\","
                        + "\"bundle\":\"/tmp/b\",\"rootfs\":\"/tmp/b/rootfs\","
                        + "\"created\":\"2026-11-20T22:37:51.068500669Z\",\"owner\":\"root\"}",
                json.toString());
    }

    /** "paused" is runc's. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"PAUSED", "UNKNOWN"})
    void isWhatTheSpecificationsSchemaAsksFor(Status status) throws Exception {
        var json = JsonWriter.indented("  ");
        StateDocument.write(json, state(Map.of("a", "b"), status), "", AT_ONCE);
        assertEquals(List.of(), OciSchema.ofStates().problems(json.toString()));
    }
}
