// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.netdev;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.SocketFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Operation;
import dev.jrun.program.Instruction.Range;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.spec.Config;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Linux.NetDevice;
import dev.jrun.spec.Namespace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * {@code linux.netDevices}: network devices of the caller's network namespace that are moved to the container's, where
 * they keep their permanent global addresses and are up. The shim moves them once init is in its namespaces, and gives
 * them back if the launch fails.
 *
 * <p>A network namespace that is made for the container is kept when its processes have ended, so that its devices can
 * be given back when the container is deleted: {@link NetDeviceReturn}. One that it joins has another owner, and so
 * have the devices in it.
 */
public final class NetDevices {

    private final Assembler asm;
    private final Namespace network;

    /** Where the descriptor of the network namespace is, if it is joined. */
    private final Optional<Address> joined;

    private final boolean hooksInside;
    private final NetworkCrossing crossing;
    private final Optional<NetworkNamespacePin> pin;
    private final Address states;

    /** Not 0 when one could not be given back. */
    private final Address staying;

    private final List<Device> devices = new ArrayList<>();

    /**
     * A device to move.
     *
     * @param arrival its name when it arrives
     */
    private record Device(String hostName, String name, String arrival, List<DeviceAddress> addresses, Address state) {

        /** Whether the kernel is to find a free name for it ({@code eth%d}). */
        boolean hasTemplate() {
            return !name.equals(arrival);
        }
    }

    /**
     * @param addresses of the devices, by their names on the host
     * @param stateDirectory keeps the namespace, so that the devices do not end with it if the shim is killed
     * @param joined has the place where the descriptor of the network namespace is kept that the container joins
     */
    public NetDevices(
            Assembler asm,
            Config config,
            Map<String, List<DeviceAddress>> addresses,
            Path stateDirectory,
            Supplier<Address> joined) {
        Linux linux = config.linux();
        this.asm = asm;
        this.hooksInside = !config.hooks().startContainer().isEmpty();
        this.network = linux.namespace(Namespace.Type.NETWORK).orElseThrow();
        this.joined = areReturned() ? Optional.empty() : Optional.of(joined.get());
        this.crossing = new NetworkCrossing(asm);
        this.pin = areReturned()
                ? Optional.of(new NetworkNamespacePin(asm, stateDirectory, crossing.containerNamespace()))
                : Optional.empty();
        var configured = linux.netDevices();
        this.states = asm.space(configured.size() * DeviceState.SIZE);
        this.staying = asm.space(Long.BYTES);
        for (Entry<String, NetDevice> entry : configured.entrySet()) {
            String hostName = entry.getKey();
            devices.add(device(
                    hostName, entry.getValue().name().orElse(hostName), addresses.getOrDefault(hostName, List.of())));
        }
    }

    private Device device(String hostName, String name, List<DeviceAddress> addresses) {
        String arrival = name.contains("%") ? "jrun" + devices.size() : name;
        return new Device(hostName, name, arrival, addresses, states.plus(devices.size() * DeviceState.SIZE));
    }

    /** Whether they are given back when the container is deleted. */
    private boolean areReturned() {
        return network.isNew();
    }

    /**
     * Moves them all.
     *
     * @param init is in its namespaces
     * @param ended where to go on if init has ended
     */
    public void move(Register init, Label ended) {
        asm.source("/linux/netDevices", "connect to both network namespaces");
        crossing.connect(
                found -> {
                    if (areReturned()) {
                        asm.call(Syscall.PIDFD_OPEN, init, value(0)).into(found);
                    } else {
                        asm.load(found, Width.LONG, joined.orElseThrow());
                    }
                },
                ended,
                Errno.ESRCH);
        // Before the first of them is in there: whoever kills the shim from here on kills none of them.
        pin.ifPresent(NetworkNamespacePin::set);
        for (Device device : devices) {
            move(device);
        }
    }

    private void move(Device device) {
        try (var _ = asm.scope()) {
            Register index = asm.register("index");
            Register flags = asm.register("flags");
            asm.source(NetworkCrossing.source(device.hostName(), "find network device " + device.hostName()));
            crossing.host().find(crossing.message(NetworkCrossing.query(device.hostName())), index);
            crossing.host().loadFlags(flags);
            asm.store(Width.INT, device.state().plus(DeviceState.FLAGS), flags);
            Register identity = asm.register("identity");
            crossing.hostDevices().identify(index, identity);
            asm.store(Width.LONG, device.state().plus(DeviceState.IDENTITY), identity);
            asm.source(NetworkCrossing.source(
                    device.hostName(),
                    "move network device %s into the container as %s".formatted(device.hostName(), device.name())));
            NetlinkSocket container = crossing.container();
            // Where the new name is taken, the kernel would have moved it before it says so.
            container.failIfFound(crossing.message(NetworkCrossing.query(device.arrival())));
            asm.store(Width.INT, device.state().plus(DeviceState.MOVED), value(1));
            crossing.toContainer(index, device.arrival());
            // The index can be another in another namespace, where that number is taken.
            container.find(crossing.message(NetworkCrossing.query(device.arrival())), index);
            asm.store(Width.INT, device.state().plus(DeviceState.INDEX), index);
            if (device.hasTemplate()) {
                container.request(
                        crossing.message(NetworkCrossing.rename(device.name())).about(asm, index));
            }
            crossing.giveAddresses(container, device.hostName(), index, device.addresses());
            container.request(crossing.message(NetworkCrossing.setUp()).about(asm, index));
        }
    }

    /** For a report: what {@link ReturnedDevices#moved} reads. */
    public Range report() {
        return new Range(states, value((long) devices.size() * DeviceState.SIZE));
    }

    /** The devices to give back when the container is deleted. */
    public ReturnedDevices returning() {
        List<ReturnedDevices.Origin> origins = new ArrayList<>();
        if (pin.isPresent()) {
            for (Device device : devices) {
                origins.add(new ReturnedDevices.Origin(device.hostName(), device.addresses()));
            }
        }
        return new ReturnedDevices(origins);
    }

    /** Gives them back when the container has ended under the shim's eyes. */
    public void giveBackAtEnd(Label failed) {
        if (areReturned()) {
            giveBack(this::identity, failed);
        }
    }

    /**
     * After {@link #giveBackAtEnd}: goes to {@code target} if one stays in the container's namespace, which is kept for
     * it then.
     */
    public void ifAnyStays(Label target) {
        if (areReturned()) {
            try (var _ = asm.scope()) {
                Register stays = asm.register("stays");
                asm.load(stays, Width.LONG, staying);
                asm.branch(stays, Condition.NOT_EQUAL, value(0), target);
            }
        }
    }

    /**
     * Gives them back when the container comes to nothing. In a namespace of its own nobody has been who could have put
     * other devices in their place, unless startContainer hooks were, which are the container's programs.
     *
     * @param failed where failures go afterwards
     */
    public void giveBack(Label failed) {
        boolean wasAlone = areReturned() && !hooksInside;
        giveBack(wasAlone ? _ -> Optional.empty() : this::identity, failed);
    }

    private Optional<Operand> identity(Device device) {
        Register identity = asm.register("device's identity");
        asm.load(identity, Width.LONG, device.state().plus(DeviceState.IDENTITY));
        return Optional.of(identity);
    }

    /**
     * Gives back what was moved, as it was: by its old name, with its addresses, and up if it was. One that cannot be
     * given back stays, and the container's namespace with it, the others do not.
     */
    private void giveBack(Function<Device, Optional<Operand>> identity, Label failed) {
        Label nothing = asm.label("nothing was moved");
        asm.source("/linux/netDevices", "give network devices back to the host");
        // 0 until both are connected.
        asm.branch(crossing.containerNamespace(), Condition.EQUAL, value(0), nothing);
        crossing.container().dropAnswer();
        crossing.host().dropAnswer();
        for (Device device : devices.reversed()) {
            giveBack(device, identity);
        }
        asm.place(nothing);
        asm.onFail(failed);
        pin.ifPresent(this::letGo);
    }

    private void letGo(NetworkNamespacePin namespace) {
        Label kept = asm.label("network namespace kept");
        ifAnyStays(kept);
        namespace.remove();
        asm.place(kept);
    }

    private void giveBack(Device device, Function<Device, Optional<Operand>> identity) {
        try (var _ = asm.scope()) {
            Register index = asm.register("index");
            Register flags = asm.register("flags");
            Label known = asm.label("index known");
            Label notFound = asm.label("device not found");
            Label stays = asm.label("device stays");
            Label done = asm.label("device given back");
            asm.source(NetworkCrossing.source(
                    device.hostName(), "give network device %s back to the host".formatted(device.hostName())));
            asm.onFail(notFound);
            asm.load(index, Width.INT, device.state().plus(DeviceState.MOVED));
            asm.branch(index, Condition.EQUAL, value(0), done);
            asm.store(Width.INT, device.state().plus(DeviceState.MOVED), value(0));
            asm.load(index, Width.INT, device.state().plus(DeviceState.INDEX));
            asm.branch(index, Condition.NOT_EQUAL, value(0), known);
            crossing.container().find(crossing.message(NetworkCrossing.query(device.arrival())), index);
            asm.place(known);
            crossing.giveBack(device.hostName(), index, identity.apply(device), device.addresses(), done, stays);
            asm.load(flags, Width.INT, device.state().plus(DeviceState.FLAGS));
            asm.compute(flags, flags, Operation.AND, value(SocketFlags.IFF_UP));
            asm.branch(flags, Condition.EQUAL, value(0), done);
            crossing.host().request(crossing.message(NetworkCrossing.setUp()).about(asm, index));
            asm.go(done);
            asm.place(notFound);
            asm.branch(Register.FAILED_ERRNO, Condition.EQUAL, NetworkCrossing.GONE, done);
            asm.place(stays);
            asm.store(Width.LONG, staying, value(1));
            crossing.container().dropAnswer();
            asm.place(done);
        }
    }
}
