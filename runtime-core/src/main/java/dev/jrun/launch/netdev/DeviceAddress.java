// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.netdev;

import dev.jrun.kernel.Netlink;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A permanent address of a network device with global scope, which it keeps when it is moved to a container ("Network
 * Devices" of config-linux.md).
 *
 * @param text such as {@code 192.0.2.1/24}
 * @param request what gives it to a device, in hexadecimal: RTM_NEWADDR of rtnetlink(7) without the device's index
 */
public record DeviceAddress(String text, String request) {

    private static final int MESSAGE = 8;
    private static final int ATTRIBUTE_HEADER = 4;
    private static final int KEPT_FLAGS = Netlink.IFA_F_NODAD | Netlink.IFA_F_NOPREFIXROUTE;

    /**
     * The label of an address is the device's old name, and what the kernel counts (IFA_CACHEINFO) is not for it to be
     * told.
     */
    private static final List<Integer> KEPT_ATTRIBUTES =
            List.of(Netlink.IFA_ADDRESS, Netlink.IFA_LOCAL, Netlink.IFA_BROADCAST, Netlink.IFA_RT_PRIORITY);

    byte[] message() {
        return HexFormat.of().parseHex(request);
    }

    /** A part of the kernel's answer to RTM_GETADDR. */
    public record Dump(List<DeviceAddress> addresses, boolean isLast) {
        /**
         * Reads a datagram.
         *
         * @throws IllegalArgumentException if it is something else
         */
        public static Dump read(byte[] datagram) {
            ByteBuffer messages = ByteBuffer.wrap(datagram).order(ByteOrder.LITTLE_ENDIAN);
            List<DeviceAddress> addresses = new ArrayList<>();
            boolean isLast = false;
            while (messages.remaining() >= NetlinkMessage.HEADER) {
                int length = messages.getInt(messages.position());
                int type = messages.getShort(messages.position() + NetlinkMessage.TYPE);
                if (length < NetlinkMessage.HEADER || length > messages.remaining()) {
                    throw new IllegalArgumentException("a message of netlink is cut off");
                }
                if (type == Netlink.RTM_NEWADDR) {
                    ByteBuffer body = messages.slice(
                                    messages.position() + NetlinkMessage.HEADER, length - NetlinkMessage.HEADER)
                            .order(ByteOrder.LITTLE_ENDIAN);
                    DeviceAddress address = address(body);
                    if (address != null) {
                        addresses.add(address);
                    }
                }
                isLast |= type == Netlink.NLMSG_DONE || type == Netlink.NLMSG_ERROR;
                messages.position(messages.position() + Math.min(NetlinkMessage.aligned(length), messages.remaining()));
            }
            return new Dump(addresses, isLast);
        }
    }

    /** Null if it is none to be kept. */
    private static DeviceAddress address(ByteBuffer body) {
        int family = body.get() & 0xff;
        int prefixLength = body.get() & 0xff;
        int flags = body.get() & 0xff;
        int scope = body.get() & 0xff;
        Map<Integer, byte[]> attributes = attributes(body.position(MESSAGE));
        byte[] allFlags = attributes.get(Netlink.IFA_FLAGS);
        if (allFlags != null) {
            flags = ByteBuffer.wrap(allFlags).order(ByteOrder.LITTLE_ENDIAN).getInt();
        }
        if ((flags & Netlink.IFA_F_PERMANENT) == 0 || scope != Netlink.RT_SCOPE_UNIVERSE) {
            return null;
        }
        NetlinkMessage request = NetlinkMessage.address(
                        Netlink.RTM_NEWADDR,
                        Netlink.NLM_F_ACK | Netlink.NLM_F_CREATE | Netlink.NLM_F_EXCL,
                        family,
                        prefixLength,
                        0)
                .with(Netlink.IFA_FLAGS, flags & KEPT_FLAGS);
        for (int attribute : KEPT_ATTRIBUTES) {
            byte[] value = attributes.get(attribute);
            if (value != null) {
                request.with(attribute, value);
            }
        }
        return new DeviceAddress(
                text(attributes) + "/" + prefixLength, HexFormat.of().formatHex(request.bytes()));
    }

    private static Map<Integer, byte[]> attributes(ByteBuffer body) {
        Map<Integer, byte[]> attributes = new TreeMap<>();
        while (body.remaining() >= ATTRIBUTE_HEADER) {
            int start = body.position();
            int length = body.getShort() & 0xffff;
            int type = body.getShort() & 0xffff;
            byte[] value = new byte[length - ATTRIBUTE_HEADER];
            body.get(value);
            attributes.put(type, value);
            body.position(Math.min(start + NetlinkMessage.aligned(length), body.limit()));
        }
        return attributes;
    }

    /** IPv4 has the address as the local one, the other is the peer's; IPv6 usually has one only. */
    private static String text(Map<Integer, byte[]> attributes) {
        byte[] address = attributes.getOrDefault(Netlink.IFA_LOCAL, attributes.get(Netlink.IFA_ADDRESS));
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of " + address.length + " bytes", e);
        }
    }
}
