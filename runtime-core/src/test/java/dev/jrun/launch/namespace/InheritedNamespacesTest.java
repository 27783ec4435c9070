// SPDX-License-Identifier: Apache-2.0
package dev.jrun.launch.namespace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.kernel.Machine;
import dev.jrun.launch.LaunchedConfig;
import dev.jrun.launch.create.CreateProgram;
import dev.jrun.launch.part.WakeupAffinity;
import dev.jrun.program.Program;
import dev.jrun.program.listing.Listing;
import dev.jrun.spec.Annotations;
import dev.jrun.spec.Config;
import dev.jrun.spec.Hook;
import dev.jrun.spec.Hooks;
import dev.jrun.spec.Linux;
import dev.jrun.spec.Namespace;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class InheritedNamespacesTest {

    private static Config with(Namespace.Type... types) {
        return with(Hooks.NONE, types);
    }

    private static Config with(Hooks hooks, Namespace.Type... types) {
        return new Config(
                "1.3.0",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                hooks,
                Annotations.NONE,
                linux(types));
    }

    private static Linux linux(Namespace.Type... types) {
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

    private static String text(Config config) {
        Program program = InheritedNamespaces.program(config, WakeupAffinity.ANYWHERE);
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
    void aShimThatWasKeptAwayFromAProcessorIsFreeFirst() {
        Program program = InheritedNamespaces.program(with(Namespace.Type.NETWORK), WakeupAffinity.ELSEWHERE);
        String text = new Listing(program, Machine.X86_64, Integer::toString)
                .text(0, program.instructions().size());
        int free = text.indexOf("sched_setaffinity(");
        assertTrue(free >= 0 && free < text.indexOf("unshare("), text);
        assertFalse(text(with(Namespace.Type.NETWORK)).contains("sched_setaffinity"));
    }

    private static final String LOOPBACK_UP = "SIOCSIFFLAGS, {ifr_name=\"lo\", ifr_flags=IFF_UP}";

    private static String shimsPart(LaunchedConfig config) {
        CreateProgram create = config.create();
        return new Listing(create.program(), Machine.X86_64, Integer::toString).text(0, create.initStart());
    }

    @Test
    void theLoopbackDeviceIsBroughtUpBesideInit() {
        assertFalse(text(with(Namespace.Type.NETWORK)).contains(LOOPBACK_UP));
        String launch = shimsPart(LaunchedConfig.byDefault());
        int up = launch.indexOf(LOOPBACK_UP);
        assertTrue(launch.indexOf("clone3(") < up && up < launch.indexOf("let init go on"), launch);
        String without = shimsPart(LaunchedConfig.byDefault()
                .with(
                        "/linux/namespaces",
                        "[{\"type\": \"mount\"}, {\"type\": \"uts\"}, {\"type\": \"pid\"}, {\"type\": \"ipc\"}]"));
        assertFalse(without.contains(LOOPBACK_UP));
    }

    @Test
    void theLoopbackDeviceIsUpBeforeHooksRunInInit() {
        Hook hook = new Hook("/hook", List.of(), Optional.empty(), OptionalLong.empty());
        List<Hook> none = List.of();
        assertTrue(text(with(new Hooks(none, none, List.of(hook), none, none, none), Namespace.Type.NETWORK))
                .contains(LOOPBACK_UP));
        assertFalse(
                shimsPart(LaunchedConfig.byDefault().with("/hooks", "{\"createContainer\": [{\"path\": \"/hook\"}]}"))
                        .contains(LOOPBACK_UP));
    }

    @Test
    void aShimThatRunsHooksStaysInTheRuntimesNamespaces() {
        Hook hook = new Hook("/hook", List.of(), Optional.empty(), OptionalLong.empty());
        List<Hook> none = List.of();
        List<Hook> one = List.of(hook);
        for (Hooks hooks : List.of(
                new Hooks(one, none, none, none, none, none),
                new Hooks(none, one, none, none, none, none),
                new Hooks(none, none, none, none, one, none),
                new Hooks(none, none, none, none, none, one))) {
            assertFalse(InheritedNamespaces.areIn(with(hooks, Namespace.Type.NETWORK)));
        }
        Hooks inInit = new Hooks(none, none, one, one, none, none);
        assertTrue(InheritedNamespaces.areIn(with(inInit, Namespace.Type.NETWORK)));
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
