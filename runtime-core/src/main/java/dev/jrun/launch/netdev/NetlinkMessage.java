// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.netdev;

import dev.jrun.kernel.Netlink;
import dev.jrun.program.Struct;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A request of rtnetlink(7): {@code struct nlmsghdr}, {@code struct ifinfomsg} or {@code struct ifaddrmsg}, and
 * attributes, each a {@code struct rtattr} padded to 4 bytes.
 */
final class NetlinkMessage {

    /** Of {@code struct nlmsghdr}. */
    static final int HEADER = 16;

    /** Where the header has the message's type; u16. */
    static final int TYPE = 4;

    /** Where an answer that is an error has it, negative, or 0; s32 of {@code struct nlmsgerr}. */
    static final int ERROR = 16;

    /** Where a message has its device's index, that of an address also; s32. */
    static final int INDEX = 20;

    /** Where a message about a device has its flags, IFF_UP among them; u32. */
    static final int DEVICE_FLAGS = 24;

    /** Where a message about a device has the value of its first attribute. */
    static final int FIRST_VALUE = 36;

    private static final int ATTRIBUTE_HEADER = 4;
    private static final int ALIGNMENT = 4;

    private final int type;
    private final int flags;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private NetlinkMessage(int type, int flags) {
        this.type = type;
        this.flags = flags;
    }

    /**
     * About a network device, whose index may still have to be filled in.
     *
     * @param deviceFlags IFF_ flags of netdevice(7)
     * @param changed which of them it is about
     */
    static NetlinkMessage device(int type, int flags, long deviceFlags, long changed) {
        NetlinkMessage message = new NetlinkMessage(type, flags);
        message.body.writeBytes(Struct.ofInts(0, 0, (int) deviceFlags, (int) changed));
        return message;
    }

    /** About addresses of a network device, whose index may still have to be filled in. */
    static NetlinkMessage address(int type, int flags, int family, int prefixLength, int addressFlags) {
        NetlinkMessage message = new NetlinkMessage(type, flags);
        message.body.writeBytes(new byte[] {(byte) family, (byte) prefixLength, (byte) addressFlags, 0, 0, 0, 0, 0});
        return message;
    }

    NetlinkMessage with(int attribute, byte[] value) {
        ByteBuffer header = ByteBuffer.allocate(ATTRIBUTE_HEADER).order(ByteOrder.LITTLE_ENDIAN);
        header.putShort((short) (ATTRIBUTE_HEADER + value.length)).putShort((short) attribute);
        body.writeBytes(header.array());
        body.writeBytes(Arrays.copyOf(value, aligned(value.length)));
        return this;
    }

    NetlinkMessage with(int attribute, int value) {
        return with(attribute, Struct.ofInts(value));
    }

    /** With the name of a device; {@code attribute} takes it with a NUL. */
    NetlinkMessage with(int attribute, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        return with(attribute, Arrays.copyOf(bytes, bytes.length + 1));
    }

    byte[] bytes() {
        ByteBuffer message = ByteBuffer.allocate(HEADER + body.size()).order(ByteOrder.LITTLE_ENDIAN);
        message.putInt(HEADER + body.size());
        message.putShort((short) type).putShort((short) (flags | Netlink.NLM_F_REQUEST));
        // The kernel fills in the sender; a number is not needed where each request is answered before the next.
        message.putInt(0).putInt(0);
        return message.put(body.toByteArray()).array();
    }

    static int aligned(int length) {
        return (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
