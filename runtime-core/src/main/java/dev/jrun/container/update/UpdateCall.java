// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.update;

import dev.jrun.container.lifecycle.ContainerId;
import java.util.Optional;

/**
 * Limits that a caller wants a container to have.
 *
 * @param l3CacheSchema lines of its class of service
 * @param memBwSchema a line of its class of service
 */
public record UpdateCall(
        ContainerId id, AskedResources asked, Optional<String> l3CacheSchema, Optional<String> memBwSchema) {

    /** Whether its part of caches or of memory bandwidth is to change. */
    boolean isAboutIntelRdt() {
        return l3CacheSchema.isPresent() || memBwSchema.isPresent();
    }
}
