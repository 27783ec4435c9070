// SPDX-License-Identifier: Apache-2.0
package dev.jrun.embedding;

import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.Status;
import dev.jrun.container.state.ContainerDescription;
import dev.jrun.container.state.ContainerState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How a container was when it was looked at: the specification's state.
 *
 * @param pid of its first process, in this JVM's pid namespace; empty if that has ended
 * @param bundle absolute
 * @param created when it was
 * @param annotations of its configuration, in its order
 */
public record Container(
        ContainerId id,
        Status status,
        OptionalLong pid,
        Path bundle,
        Instant created,
        Map<String, String> annotations) {

    public Container {
        annotations = Collections.unmodifiableMap(new LinkedHashMap<>(annotations));
    }

    static Container of(ContainerState state) {
        ContainerDescription description = state.kept().description();
        return new Container(
                description.id(),
                state.status(),
                state.pid() == 0 ? OptionalLong.empty() : OptionalLong.of(state.pid()),
                description.bundle(),
                description.created(),
                description.annotations().all());
    }
}
