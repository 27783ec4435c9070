// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.netdev;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.MountFlags;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.program.Address;
import dev.jrun.program.Assembler;
import dev.jrun.program.DescriptorPath;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import java.nio.file.Path;

/**
 * A file in the container's state directory on which its network namespace is mounted: as long as the mount exists, the
 * namespace and the devices in it stay, even when its processes have ended. namespaces(7).
 */
public final class NetworkNamespacePin {

    /** The file's name in the state directory. */
    public static final String FILE = "network-namespace";

    private static final Operand NOTHING = value(0);
    private static final long OWNER_ONLY = 0600;

    private final Assembler asm;
    private final Register namespace;
    private final DescriptorPath source;
    private final Address file;

    NetworkNamespacePin(Assembler asm, Path stateDirectory, Register namespace) {
        this.asm = asm;
        this.namespace = namespace;
        this.source = new DescriptorPath(asm, new byte[0], "");
        this.file = asm.string(stateDirectory.resolve(FILE).toString());
    }

    void set() {
        asm.source("/linux/netDevices", "keep the network namespace until the container is deleted");
        asm.call(Syscall.MKNODAT, value(OpenFlags.AT_FDCWD), file, value(FileMode.S_IFREG | OWNER_ONLY), value(0))
                .ignore(Errno.EEXIST);
        source.write(namespace);
        asm.call(Syscall.MOUNT, source.place(), file, NOTHING, value(MountFlags.MS_BIND), NOTHING);
    }

    void remove() {
        asm.source("/linux/netDevices", "let go of the network namespace");
        asm.call(Syscall.UMOUNT2, file, value(MountFlags.MNT_DETACH)).ignoreErrors();
        asm.call(Syscall.UNLINKAT, value(OpenFlags.AT_FDCWD), file, value(0)).ignoreErrors();
    }
}
