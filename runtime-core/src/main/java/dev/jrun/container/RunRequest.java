// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.launch.CreateRequest;
import dev.jrun.launch.LaunchRequest.Adoption;
import dev.jrun.launch.LaunchRequest.Afterwards;

/** A container to make and start immediately. */
public record RunRequest(CreateRequest container, Attachment attachment) {

    /** What the shim does when the container runs. */
    public sealed interface Attachment {

        /** It ends ({@code --detach}). */
        record Detached() implements Attachment {}

        /** It stays until the container ends. */
        record Foreground(Adoption adoption, Afterwards afterwards) implements Attachment {}
    }
}
