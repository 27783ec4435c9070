// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.netdev;

import dev.jrun.kernel.Netlink;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Range;
import dev.jrun.program.Label;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import java.util.ArrayList;
import java.util.List;

/**
 * The program that asks for the addresses of the caller's network devices ({@code linux.netDevices}), which a device
 * loses when it is moved. For each device in turn it reports {@link Tag#ADDRESSES} once or more, each with a
 * {@link DeviceAddress.Dump}; behind the last it is to go on at {@link #next}.
 */
public final class NetDeviceInquiry {

    private final Program program;
    private final List<Label> ends = new ArrayList<>();

    /** @param names of the devices */
    public NetDeviceInquiry(Iterable<String> names) {
        Assembler asm = new Assembler();
        Address answer = asm.space(NetlinkSocket.ANSWER);
        NetlinkSocket socket = new NetlinkSocket(asm, "netlink", answer);
        Register index = asm.register("index");
        Register length = asm.register("length");
        asm.source("/linux/netDevices", "ask for network devices");
        socket.open();
        socket.filterDumps();
        for (String name : names) {
            Label more = asm.label("more addresses");
            Label end = asm.label("all addresses of " + name);
            asm.source(NetworkCrossing.source(name, "find network device " + name));
            socket.find(
                    NetlinkSocket.Message.of(asm, NetworkCrossing.query(name).bytes()), index);
            asm.source(NetworkCrossing.source(name, "ask for the addresses of network device " + name));
            NetlinkMessage addresses = NetlinkMessage.address(Netlink.RTM_GETADDR, Netlink.NLM_F_DUMP, 0, 0, 0);
            socket.send(NetlinkSocket.Message.of(asm, addresses.bytes()).about(asm, index));
            asm.place(more);
            socket.receive(length);
            asm.ask(Tag.ADDRESSES.ordinal(), new Range(answer, length));
            asm.go(more);
            asm.place(end);
            ends.add(end);
        }
        asm.source("/linux/netDevices", "ask for network devices");
        socket.close();
        asm.end();
        program = asm.assemble();
    }

    public Program program() {
        return program;
    }

    /** Where to go on when device {@code number}, counted from 0, has no more addresses. */
    public int next(int number) {
        return program.index(ends.get(number));
    }

    /** What a report says. */
    public DeviceAddress.Dump dump(byte[] range) {
        return DeviceAddress.Dump.read(range);
    }
}
