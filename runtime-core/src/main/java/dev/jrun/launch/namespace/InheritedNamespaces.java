// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static dev.jrun.program.Operand.value;

import dev.jrun.kernel.CloneFlags;
import dev.jrun.kernel.Syscall;
import dev.jrun.launch.part.AffinityReset;
import dev.jrun.launch.part.WakeupAffinity;
import dev.jrun.program.Assembler;
import dev.jrun.program.Program;
import dev.jrun.spec.Config;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Namespace;

/**
 * New namespaces that the shim enters and init inherits. A network namespace alone is a third of the kernel's work for
 * a container; the shim does it while the engine still plans the rest. With a user namespace of the container's own,
 * its namespaces must belong to that, so they are made with init. The same applies if the shim runs hooks, which belong
 * in the runtime's namespaces.
 */
public final class InheritedNamespaces {

    private InheritedNamespaces() {}

    /** Whether there are any for this container. */
    public static boolean areIn(Config config) {
        return flags(config) != 0;
    }

    /** Whether the network namespace is among them. */
    public static boolean haveNetwork(Config config) {
        return (flags(config) & CloneFlags.CLONE_NEWNET) != 0;
    }

    /**
     * Whether the shim brings up the loopback device only when init is under way, which then need not wait for it:
     * nothing of the container's runs before init is let go, except for its createContainer hooks.
     */
    public static boolean isLoopbackLeft(Config config) {
        return haveNetwork(config) && config.hooks().createContainer().isEmpty();
    }

    /** CLONE_ flags of the namespaces that init inherits, clone(2). */
    static long flags(Config config) {
        long flags = 0;
        if (config.hooks().areInRuntimeNamespace()) {
            return 0;
        }
        for (Namespace namespace : config.linux().namespaces()) {
            if (namespace.type() == Namespace.Type.USER) {
                return 0;
            }
            if (namespace.isNew()) {
                flags |= flag(namespace.type(), config.linux());
            }
        }
        return flags;
    }

    private static long flag(Namespace.Type type, Linux linux) {
        return switch (type) {
            // The shim stays among the network devices that it moves.
            case NETWORK -> linux.netDevices().isEmpty() ? KernelNamespace.flag(type) : 0;
            case IPC, UTS -> KernelNamespace.flag(type);
            case PID, MOUNT, USER, CGROUP, TIME -> 0;
        };
    }

    /**
     * The program that has the shim enter them.
     *
     * @param waking where the shim is woken for it
     */
    public static Program program(Config config, WakeupAffinity waking) {
        Assembler asm = new Assembler();
        AffinityReset.assemble(asm, waking);
        asm.source("/linux/namespaces", "enter the namespaces that init inherits");
        asm.call(Syscall.UNSHARE, value(flags(config)));
        if (haveNetwork(config) && !isLoopbackLeft(config)) {
            LoopbackDevice.assemble(asm);
        }
        asm.end();
        return asm.assemble();
    }
}
