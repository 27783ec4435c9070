// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.netdev;

import dev.jrun.kernel.SocketFlags;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The network devices that a launch moves and that are given back when the container is deleted.
 *
 * @param origins what they are on the host, in the order of {@link NetDevices#report}
 */
public record ReturnedDevices(List<Origin> origins) {

    public static final ReturnedDevices NONE = new ReturnedDevices(List.of());

    public ReturnedDevices {
        origins = List.copyOf(origins);
    }

    /** A device as it was. */
    record Origin(String hostName, List<DeviceAddress> addresses) {}

    /** The devices as they are in the container, by what was reported. */
    public List<MovedDevice> moved(byte[] report) {
        List<MovedDevice> moved = new ArrayList<>();
        ByteBuffer fields = ByteBuffer.wrap(report).order(ByteOrder.LITTLE_ENDIAN);
        int place = 0;
        for (Origin origin : origins) {
            moved.add(new MovedDevice(
                    origin.hostName(),
                    fields.getInt(place + DeviceState.INDEX),
                    fields.getLong(place + DeviceState.IDENTITY),
                    (fields.getInt(place + DeviceState.FLAGS) & SocketFlags.IFF_UP) != 0,
                    origin.addresses()));
            place += DeviceState.SIZE;
        }
        return moved;
    }
}
