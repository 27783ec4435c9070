// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Machine;
import dev.jrun.program.Listing;
import dev.jrun.program.Program;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Namespace;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InheritedNamespacesTest {

    private static Linux with(Namespace.Type... types) {
        Linux none = Linux.NONE;
        List<Namespace> namespaces = Arrays.stream(types)
                .map(type -> new Namespace(type, Optional.empty()))
                .toList();
        return new Linux(
                namespaces,
                none.uidMappings(),
                none.gidMappings(),
                none.timeOffsets(),
                none.devices(),
                none.netDevices(),
                none.cgroupsPath(),
                none.resources(),
                none.rootfsPropagation(),
                none.seccomp(),
                none.sysctl(),
                none.maskedPaths(),
                none.readonlyPaths(),
                none.mountLabel(),
                none.personality(),
                none.intelRdt(),
                none.memoryPolicy());
    }

    private static String text(Linux linux) {
        Program program = InheritedNamespaces.program(linux);
        return new Listing(program, Machine.X86_64, Integer::toString)
                .text(0, program.instructions().size());
    }

    @Test
    void networkIpcAndUtsAreEnteredByTheShim() {
        String text = text(with(
                Namespace.Type.PID,
                Namespace.Type.NETWORK,
                Namespace.Type.IPC,
                Namespace.Type.UTS,
                Namespace.Type.MOUNT));
        assertTrue(text.contains("unshare(CLONE_NEWUTS|CLONE_NEWIPC|CLONE_NEWNET)"), text);
        assertTrue(text.contains("config.json#/linux/namespaces: enter the namespaces that init inherits"), text);
    }

    @Test
    void theLoopbackDeviceIsBroughtUpInANewNetworkOnly() {
        String up = "SIOCSIFFLAGS, {ifr_name=\"lo\", ifr_flags=IFF_UP}";
        assertTrue(text(with(Namespace.Type.NETWORK)).contains(up));
        assertFalse(text(with(Namespace.Type.UTS)).contains(up));
    }

    @Test
    void theOthersAreMadeWithInit() {
        assertFalse(InheritedNamespaces.areIn(with(Namespace.Type.PID, Namespace.Type.MOUNT, Namespace.Type.CGROUP)));
    }

    @Test
    void aUserNamespaceOwnsTheOthersSoAllAreMadeWithIt() {
        assertEquals(0, InheritedNamespaces.flags(with(Namespace.Type.NETWORK, Namespace.Type.USER)));
    }
}
