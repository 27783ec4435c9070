// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import java.util.List;

/**
 * A network device of the host that is in a container.
 *
 * @param name on the host
 * @param index in the container's network namespace, netdevice(7)
 * @param up whether it was on the host
 * @param addresses that it had on the host
 */
public record MovedDevice(String name, int index, boolean up, List<DeviceAddress> addresses) {
    public MovedDevice {
        addresses = List.copyOf(addresses);
    }
}
