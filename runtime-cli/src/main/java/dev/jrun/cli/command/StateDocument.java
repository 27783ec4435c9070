// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.ContainerDescription;
import dev.jrun.container.state.ContainerState;
import dev.jrun.json.JsonWriter;
import dev.jrun.program.SessionBrokenException;
import java.time.Instant;
import java.util.TreeMap;

/** A container's state as JSON: the members that runc writes, in its order, since clients parse them. */
final class StateDocument {

    private StateDocument() {}

    static void write(JsonWriter json, ContainerState state, String owner, LongOutput output)
            throws ContainerException, SessionBrokenException {
        ContainerDescription container = state.kept().description();
        json.beginObject();
        json.name("ociVersion").value(container.ociVersion());
        json.name("id").value(container.id().text());
        json.name("pid").value(state.pid());
        json.name("status").value(state.status().specName());
        json.name("bundle").value(container.bundle().toString());
        json.name("rootfs").value(container.rootfs().toString());
        json.name("created").value(time(container.created()));
        if (!container.annotations().all().isEmpty()) {
            json.name("annotations").beginObject();
            // In order, as Go writes a map.
            for (var annotation : new TreeMap<>(container.annotations().all()).entrySet()) {
                output.write(json, annotation.getKey(), annotation.getValue());
            }
            json.endObject();
        }
        json.name("owner").value(owner);
        json.endObject();
    }

    /** RFC 3339 with as many digits as needed, as Go writes it. */
    static String time(Instant instant) {
        return instant.toString();
    }
}
