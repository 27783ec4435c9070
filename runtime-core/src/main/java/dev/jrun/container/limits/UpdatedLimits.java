// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.limits;

import dev.jrun.spec.Resources;
import dev.jrun.spec.Resources.DeviceRule;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The updated values of limits that a container's cgroup does not show and the next update must know. Limits without an
 * update are those of the configuration that the container was made from.
 *
 * @param memoryAndSwap the limit of both together, −1 for none: cgroup v2 has only one for each
 * @param devices the rules that lead to what its devices may be used for: a program of cgroup v2 is not to be read
 */
public record UpdatedLimits(OptionalLong memoryAndSwap, Optional<List<DeviceRule>> devices) {

    /** There was no update of either. */
    public static final UpdatedLimits NONE = new UpdatedLimits(OptionalLong.empty(), Optional.empty());

    private static final long UNLIMITED = -1;

    public UpdatedLimits {
        devices = devices.isPresent() ? Optional.of(List.copyOf(devices.get())) : devices;
    }

    /** These after an update of limits. */
    public UpdatedLimits and(Resources resources) {
        Resources.Memory memory = resources.memory();
        if (resources.unified().containsKey(Resources.SWAP_FILE)) {
            // That is a limit of swap alone, which is to stay as it is whatever becomes of memory.
            return new UpdatedLimits(OptionalLong.of(UNLIMITED), devices);
        }
        if (memory.swap().isPresent()) {
            return new UpdatedLimits(memory.swap(), devices);
        }
        return memory.limit().orElse(0) == UNLIMITED ? new UpdatedLimits(OptionalLong.of(UNLIMITED), devices) : this;
    }

    /** These after a change of device rules to these. */
    public UpdatedLimits and(List<DeviceRule> rules) {
        return new UpdatedLimits(memoryAndSwap, Optional.of(rules));
    }
}
