// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.netdev;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.Instruction.Condition;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Label;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import dev.jrun.program.Source;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The programs that give network devices back to the namespace that their caller is in. A device that is no longer in
 * the container's is skipped. One that cannot be given back makes the program fail, after all the others; the program
 * can then be repeated.
 */
public final class NetDeviceReturn {

    private NetDeviceReturn() {}

    /**
     * From a container that has ended, and whose network namespace is kept in its state directory
     * ({@link NetworkNamespacePin}).
     */
    public static Program fromPin(Path stateDirectory, List<MovedDevice> devices) {
        Assembler asm = new Assembler();
        NetworkCrossing crossing = new NetworkCrossing(asm);
        String file = stateDirectory.resolve(NetworkNamespacePin.FILE).toString();
        return assemble(asm, crossing, devices, found -> crossing.open(file, found));
    }

    /** From a container whose init lives; setns(2) by a pidfd. */
    public static Program fromInit(long pid, List<MovedDevice> devices) {
        Assembler asm = new Assembler();
        return assemble(
                asm,
                new NetworkCrossing(asm),
                devices,
                found -> asm.call(Syscall.PIDFD_OPEN, value(pid), value(0)).into(found));
    }

    private static Program assemble(
            Assembler asm, NetworkCrossing crossing, List<MovedDevice> devices, Consumer<Register> find) {
        Label ended = asm.label("no network namespace");
        asm.source("/linux/netDevices", "connect to both network namespaces");
        crossing.connect(find, ended, Errno.ESRCH);
        List<Address> errors = new ArrayList<>();
        for (MovedDevice device : devices) {
            Address error = asm.space(Long.BYTES);
            errors.add(error);
            giveBack(asm, crossing, device, error);
        }
        for (int i = 0; i < errors.size(); i++) {
            failIfItStays(asm, devices.get(i), errors.get(i));
        }
        asm.end();
        asm.place(ended);
        asm.onFailEnd();
        asm.fail(Errno.ESRCH);
        return asm.assemble();
    }

    /** One that stays does not keep the others. */
    private static void giveBack(Assembler asm, NetworkCrossing crossing, MovedDevice device, Address error) {
        try (var _ = asm.scope()) {
            Register index = asm.register("index");
            Label done = asm.label("device given back");
            Label stays = asm.label("device stays");
            asm.source(source(device));
            asm.move(index, value(device.index()));
            crossing.giveBack(device.name(), index, device.identity(), device.addresses(), done, stays);
            if (device.up()) {
                crossing.host()
                        .request(crossing.message(NetworkCrossing.setUp()).about(asm, index));
            }
            asm.go(done);
            asm.place(stays);
            asm.store(Width.LONG, error, Register.FAILED_ERRNO);
            crossing.container().dropAnswer();
            asm.place(done);
            asm.onFailEnd();
        }
    }

    private static void failIfItStays(Assembler asm, MovedDevice device, Address error) {
        try (var _ = asm.scope()) {
            Register errno = asm.register("errno");
            asm.source(source(device));
            asm.load(errno, Width.LONG, error);
            try (var _ = asm.when(errno, Condition.NOT_EQUAL, value(0), "it does not stay")) {
                asm.fail(errno);
            }
        }
    }

    private static Source source(MovedDevice device) {
        return NetworkCrossing.source(
                device.name(), "give network device %s back to the host".formatted(device.name()));
    }
}
