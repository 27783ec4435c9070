// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.netdev;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Byte by byte as netlink(7), rtnetlink(7) and the kernel's headers lay them out. */
class NetlinkMessageTest {

    private static String hex(NetlinkMessage message) {
        return HexFormat.of().formatHex(message.bytes());
    }

    @Test
    void aDeviceIsAskedForByItsName() {
        String header = "34000000" // nlmsg_len: 52
                + "1200" // nlmsg_type: RTM_GETLINK
                + "0100" // nlmsg_flags: NLM_F_REQUEST
                + "00000000" // nlmsg_seq
                + "00000000"; // nlmsg_pid: the kernel
        String device = "00" // ifi_family: AF_UNSPEC
                + "00"
                + "0000" // ifi_type
                + "00000000" // ifi_index
                + "00000000" // ifi_flags
                + "00000000"; // ifi_change
        String attributes = "0800" // rta_len: 8
                + "1d00" // rta_type: IFLA_EXT_MASK
                + "08000000" // RTEXT_FILTER_SKIP_STATS
                + "0900" // rta_len: 9
                + "0300" // rta_type: IFLA_IFNAME
                + "6574683000" // eth0
                + "000000"; // padding to 4 bytes
        assertEquals(header + device + attributes, hex(NetworkCrossing.query("eth0")));
    }

    @Test
    void aDeviceIsMovedAndRenamedByOneRequest() {
        assertEquals(
                "300000001000050000000000" + "00000000" // RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK
                        + "00000000000000000000000000000000"
                        + "08001c0000000000" // IFLA_NET_NS_FD, a descriptor that is filled in
                        + "08000300" + "6e657400", // IFLA_IFNAME: net
                hex(NetworkCrossing.move("net")));
    }

    @Test
    void aDeviceIsSetUp() {
        assertEquals(
                "20000000100005000000000000000000" + "0000000000000000" + "01000000"
                        + "01000000", // IFF_UP, and only it
                hex(NetworkCrossing.setUp()));
    }

    @Test
    void anAddressIsGivenAsItWas() {
        // As Linux 6.18 answers RTM_GETADDR for: ip addr add 192.0.2.1/24 brd + dev eth0
        String answer = "58000000140022000000000000000000" // RTM_NEWADDR, NLM_F_MULTI | NLM_F_DUMP_FILTERED
                + "0218800003000000" // AF_INET, /24, IFA_F_PERMANENT, RT_SCOPE_UNIVERSE, device 3
                + "08000100c0000201" // IFA_ADDRESS
                + "08000200c0000201" // IFA_LOCAL
                + "08000400c00002ff" // IFA_BROADCAST
                + "09000300" + "6574683000000000" // IFA_LABEL: eth0
                + "0800080080000000" // IFA_FLAGS
                + "14000600ffffffffffffffff0000000000000000"; // IFA_CACHEINFO
        DeviceAddress.Dump dump = read(answer);
        assertEquals(
                List.of(new DeviceAddress(
                        "192.0.2.1/24",
                        "38000000140005060000000000000000" // RTM_NEWADDR, NLM_F_REQUEST | ACK | CREATE | EXCL
                                + "0218000000000000"
                                + "0800080000000000"
                                + "08000100c0000201"
                                + "08000200c0000201"
                                + "08000400c00002ff")),
                dump.addresses());
        assertTrue(!dump.isLast());
    }

    @Test
    void onlyPermanentGlobalAddressesAreKept() {
        String local = "20000000140022000000000000000000" + "020880fe01000000" + "080002007f000001";
        String dynamic = "20000000140022000000000000000000" + "0218000003000000" + "08000200c0000202";
        String done = "14000000030002000000000000000000" + "00000000";
        DeviceAddress.Dump dump = read(local + dynamic + done);
        assertEquals(List.of(), dump.addresses());
        assertTrue(dump.isLast());
    }

    @Test
    void whatIsCutOffIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> read("ff000000140022000000000000000000"));
    }

    private static DeviceAddress.Dump read(String hex) {
        return DeviceAddress.Dump.read(HexFormat.of().parseHex(hex));
    }
}
