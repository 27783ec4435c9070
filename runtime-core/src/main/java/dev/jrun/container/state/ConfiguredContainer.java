// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import java.util.Arrays;
import java.util.Optional;

/**
 * A container with what else is recorded for executing processes in it.
 *
 * @param kept what is kept of it
 * @param state that, as it is written; empty if it is long
 * @param config the config.json that it was made from; empty while it is being made, and if an older version made it
 */
public record ConfiguredContainer(ContainerRecord kept, Optional<byte[]> state, Optional<byte[]> config) {

    /** Bytes of its files. */
    public int length() {
        return length(state) + length(config);
    }

    private static int length(Optional<byte[]> file) {
        return file.isPresent() ? file.get().length : 0;
    }

    /** Whether these are its files, byte for byte. */
    boolean isOf(byte[] otherState, Optional<byte[]> otherConfig) {
        return state.isPresent()
                && Arrays.equals(state.get(), otherState)
                && config.isPresent() == otherConfig.isPresent()
                && (config.isEmpty() || Arrays.equals(config.get(), otherConfig.get()));
    }
}
