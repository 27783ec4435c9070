// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.netdev;

import dev.jrun.program.Operand;
import java.util.List;
import java.util.Optional;

/**
 * A network device of the host that is in a container.
 *
 * @param name on the host
 * @param index in the container's network namespace, netdevice(7)
 * @param inode of its directory in any sysfs, {@link NetworkSysfs}; 0 in the record of a version that kept none
 * @param up whether it was on the host
 * @param addresses that it had on the host
 */
public record MovedDevice(String name, int index, long inode, boolean up, List<DeviceAddress> addresses) {
    public MovedDevice {
        addresses = List.copyOf(addresses);
    }

    Optional<Operand> identity() {
        return inode == 0 ? Optional.empty() : Optional.of(Operand.value(inode));
    }
}
