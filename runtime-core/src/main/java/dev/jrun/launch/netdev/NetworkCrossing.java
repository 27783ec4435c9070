// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.netdev;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.CloneFlags;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Netlink;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is needed to move network devices between the caller's network namespace, in which the shim stays, and the
 * container's: both namespaces, and a socket and a sysfs in each.
 */
final class NetworkCrossing {

    /** What the kernel says of a device that is not there; of one that it does not move it says something else. */
    static final Operand GONE = value(Errno.ENODEV.number());

    private final Assembler asm;
    private final Register hostNamespace;
    private final Register containerNamespace;
    private final NetlinkSocket host;
    private final NetlinkSocket container;
    private final NetworkSysfs hostDevices;
    private final NetworkSysfs containerDevices;

    NetworkCrossing(Assembler asm) {
        this.asm = asm;
        Address answer = asm.space(NetlinkSocket.ANSWER);
        this.hostNamespace = asm.register("host's network namespace");
        this.containerNamespace = asm.register("container's network namespace");
        this.host = new NetlinkSocket(asm, "netlink of the host", answer);
        this.container = new NetlinkSocket(asm, "netlink of the container", answer);
        this.hostDevices = new NetworkSysfs(asm, host, "sysfs of the host");
        this.containerDevices = new NetworkSysfs(asm, container, "sysfs of the container");
    }

    NetlinkSocket host() {
        return host;
    }

    NetlinkSocket container() {
        return container;
    }

    NetworkSysfs hostDevices() {
        return hostDevices;
    }

    Register containerNamespace() {
        return containerNamespace;
    }

    /**
     * Connects to both.
     *
     * @param find makes a register the descriptor of the container's namespace, or of a process in it
     * @param ended where to go on if that process has ended
     * @param endings the errors that say so
     */
    void connect(Consumer<Register> find, Label ended, Errno... endings) {
        try (var _ = asm.scope()) {
            Register found = asm.register("namespace");
            open("/proc/self/ns/net", hostNamespace);
            host.open();
            hostDevices.mount();
            find.accept(found);
            asm.call(Syscall.SETNS, found, value(CloneFlags.CLONE_NEWNET)).on(ended, endings);
            asm.call(Syscall.CLOSE, found);
            open("/proc/self/ns/net", containerNamespace);
            container.open();
            containerDevices.mount();
            asm.call(Syscall.SETNS, hostNamespace, value(CloneFlags.CLONE_NEWNET));
        }
    }

    /** Opens a file of the host to read it. */
    Assembler.Added open(String path, Register result) {
        return asm.call(
                        Syscall.OPENAT,
                        value(OpenFlags.AT_FDCWD),
                        asm.string(path),
                        value(OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC))
                .into(result);
    }

    /** A request in the image. */
    NetlinkSocket.Message message(NetlinkMessage message) {
        return NetlinkSocket.Message.of(asm, message.bytes());
    }

    /** Moves the host's device {@code index} into the container by this name. */
    void toContainer(Register index, String name) {
        host.request(to(containerNamespace, index, name));
    }

    /**
     * Gives the container's device {@code index} back to the host, {@code index =} the one it has then, and its
     * addresses with it. If its name is taken there by now, the kernel finds it one as for the devices of a namespace
     * that ends ({@code dev0}). What is not there any more (ENODEV), or is not the device that was moved, is not
     * missed. Who is in the container's namespace still may put another there right after it was looked at: that gets
     * no addresses.
     *
     * @param identity of the device; empty if nobody can have put another in its place
     * @param done where to go on when it is not in the container any more, and where failures go from here on
     * @param stays where to go on when it is, or may be: {@link Register#FAILED_ERRNO} says why
     */
    void giveBack(
            String name,
            Register index,
            Optional<Operand> identity,
            List<DeviceAddress> addresses,
            Label done,
            Label stays) {
        Label taken = asm.label("name taken");
        Label refused = asm.label("refused by any name");
        Label moved = asm.label("moved to the host");
        asm.onFail(stays);
        if (identity.isPresent()) {
            leaveOther(index, identity.get(), done);
        }
        asm.onFail(taken);
        container.request(to(hostNamespace, index, name));
        asm.onFail(done);
        asm.go(moved);
        asm.place(taken);
        asm.branch(Register.FAILED_ERRNO, Condition.EQUAL, GONE, done);
        asm.onFail(refused);
        container.request(to(hostNamespace, index, "dev%d"));
        asm.onFail(done);
        asm.go(done);
        asm.place(refused);
        asm.branch(Register.FAILED_ERRNO, Condition.NOT_EQUAL, GONE, stays);
        asm.go(done);
        asm.place(moved);
        host.find(message(query(name)), index);
        if (identity.isPresent()) {
            leaveOtherOfHost(index, identity.get(), done);
        }
        giveAddresses(host, name, index, addresses);
    }

    /** A device that could not be told from others when it was moved stays, too. */
    private void leaveOther(Register index, Operand identity, Label done) {
        try (var _ = asm.scope()) {
            Register found = asm.register("identity");
            asm.branch(identity, Condition.EQUAL, value(NetworkSysfs.UNKNOWN), done);
            containerDevices.identify(index, found, done);
            asm.branch(found, Condition.NOT_EQUAL, identity, done);
        }
    }

    private void leaveOtherOfHost(Register index, Operand identity, Label other) {
        try (var _ = asm.scope()) {
            Register found = asm.register("identity");
            hostDevices.identify(index, found);
            asm.branch(found, Condition.NOT_EQUAL, identity, other);
        }
    }

    private NetlinkSocket.Message to(Register namespace, Register index, String name) {
        NetlinkSocket.Message message = message(move(name));
        asm.store(Width.INT, message.place().plus(NetlinkMessage.FIRST_VALUE), namespace);
        return message.about(asm, index);
    }

    /** Gives a device, in its new namespace, the addresses that it lost on the way. */
    void giveAddresses(NetlinkSocket namespace, String device, Register index, List<DeviceAddress> addresses) {
        for (DeviceAddress address : addresses) {
            String intent = "give network device %s its address %s".formatted(device, address.text());
            try (var _ = asm.because(source(device, intent))) {
                namespace.request(
                        NetlinkSocket.Message.of(asm, address.message()).about(asm, index));
            }
        }
    }

    /** A reason that is about a device. */
    static Source source(String device, String intent) {
        return Source.member("/linux/netDevices", device, intent);
    }

    /** The request for a device by its name. */
    static NetlinkMessage query(String name) {
        return NetlinkMessage.device(Netlink.RTM_GETLINK, 0, 0, 0)
                .with(Netlink.IFLA_EXT_MASK, Netlink.RTEXT_FILTER_SKIP_STATS)
                .with(Netlink.IFLA_IFNAME, name);
    }

    /**
     * The request that moves a device; a descriptor of the namespace has to become the value of its first attribute.
     */
    static NetlinkMessage move(String newName) {
        return NetlinkMessage.device(Netlink.RTM_NEWLINK, Netlink.NLM_F_ACK, 0, 0)
                .with(Netlink.IFLA_NET_NS_FD, 0)
                .with(Netlink.IFLA_IFNAME, newName);
    }

    /** The request that renames a device. */
    static NetlinkMessage rename(String newName) {
        return NetlinkMessage.device(Netlink.RTM_NEWLINK, Netlink.NLM_F_ACK, 0, 0)
                .with(Netlink.IFLA_IFNAME, newName);
    }

    /** The request that sets a device up. */
    static NetlinkMessage setUp() {
        return NetlinkMessage.device(Netlink.RTM_NEWLINK, Netlink.NLM_F_ACK, SocketFlags.IFF_UP, SocketFlags.IFF_UP);
    }
}
