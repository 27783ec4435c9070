// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.state;

import dev.jrun.launch.netdev.MovedDevice;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A container's init, and what was made with it.
 *
 * @param startSteps what the instructions after "start" are about, by their index, for an init that fails there
 * @param netDevices the network devices to give back when the container is deleted
 */
public record FirstProcess(
        ProcessIdentity process, SortedMap<Integer, String> startSteps, List<MovedDevice> netDevices) {

    public FirstProcess {
        startSteps = Collections.unmodifiableSortedMap(new TreeMap<>(startSteps));
        netDevices = List.copyOf(netDevices);
    }

    /** The same, without what its instructions are about. */
    FirstProcess withoutSteps() {
        return new FirstProcess(process, new TreeMap<>(), netDevices);
    }
}
