// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.netdev;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.program.Assembler;
import dev.jrun.program.Label;
import dev.jrun.program.Program;
import dev.jrun.program.Register;
import java.nio.file.Path;
import java.util.List;

/**
 * The program that gives network devices back to the namespace that its caller is in, from a container that has ended and whose
 * network namespace was kept ({@link NetworkNamespacePin}). What is no longer in there is not missed.
 */
public final class NetDeviceReturn {

    private NetDeviceReturn() {}

    public static Program program(Path stateDirectory, List<MovedDevice> devices) {
        Assembler asm = new Assembler();
        Label gone = asm.label("no network namespace");
        NetworkCrossing crossing = new NetworkCrossing(asm);
        asm.source("/linux/netDevices", "connect to both network namespaces");
        // Where another mount namespace has it, this is an empty file, or none: EINVAL, ENOENT. Any other error must
        // not have the
        // devices end with the container.
        crossing.connect(
                found -> crossing.open(
                                stateDirectory.resolve(NetworkNamespacePin.FILE).toString(), found)
                        .on(gone, Errno.ENOENT),
                gone,
                Errno.EINVAL);
        for (MovedDevice device : devices) {
            giveBack(asm, crossing, device);
        }
        asm.place(gone);
        asm.end();
        return asm.assemble();
    }

    private static void giveBack(Assembler asm, NetworkCrossing crossing, MovedDevice device) {
        try (var _ = asm.scope()) {
            Register index = asm.register("index");
            Label done = asm.label("device given back");
            asm.source(NetworkCrossing.source(
                    device.name(), "give network device %s back to the host".formatted(device.name())));
            asm.move(index, value(device.index()));
            crossing.giveBack(device.name(), index, device.identity(), device.addresses(), done);
            if (device.up()) {
                crossing.host()
                        .request(crossing.message(NetworkCrossing.setUp()).about(asm, index));
            }
            asm.place(done);
        }
    }
}
