// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.jrun.cgroup.Cgroup;
import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.KernelCgroups;
import dev.jrun.cgroup.device.BpfAssembler;
import dev.jrun.cgroup.device.DeviceChange;
import dev.jrun.cgroup.device.DevicePolicy;
import dev.jrun.cgroup.device.DevicePolicyTest;
import dev.jrun.cgroup.writing.RevocableWriting;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.call.Bpf;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** With an eBPF program on cgroup v2. */
class UnifiedDevicesControllerTest extends DevicesControllerTest {
    UnifiedDevicesControllerTest() throws IOException {
        super(KernelCgroups.unifiedOnly());
    }

    @Test
    void thereIsOneProgramHoweverOftenRulesAreApplied() throws IOException {
        Cgroup cgroup = kernel.create("c");
        int directory = LinuxCalls.openDirectory(cgroup.paths().unified().orElseThrow());
        try {
            new DevicesController().apply(cgroup, resources());
            List<Integer> first = Bpf.attached(directory, Bpf.BPF_CGROUP_DEVICE);
            new DevicesController().apply(cgroup, resources(DevicePolicyTest.allow("a")));
            List<Integer> second = Bpf.attached(directory, Bpf.BPF_CGROUP_DEVICE);

            assertEquals(1, first.size());
            assertEquals(1, second.size());
            assertTrue(!first.equals(second));
        } finally {
            LinuxCalls.close(directory);
        }
    }

    @Test
    void theVeryProgramThatWasThereComesBack() throws IOException {
        Cgroup cgroup = kernel.create("c");
        int directory = LinuxCalls.openDirectory(cgroup.paths().unified().orElseThrow());
        try {
            DevicesController devices = new DevicesController();
            devices.apply(cgroup, resources());
            List<Integer> before = Bpf.attached(directory, Bpf.BPF_CGROUP_DEVICE);
            DeviceChange change =
                    DeviceChange.of(DevicePolicy.of(List.of()), List.of(DevicePolicyTest.allow("c 1:11 rw")), 0);

            var writing = new RevocableWriting();
            devices.update(cgroup, change, writing);
            List<Integer> during = Bpf.attached(directory, Bpf.BPF_CGROUP_DEVICE);
            assertEquals(1, during.size());
            assertTrue(!before.equals(during));
            assertEquals(Optional.empty(), writing.takeBack());
            assertEquals(before, Bpf.attached(directory, Bpf.BPF_CGROUP_DEVICE));
        } finally {
            LinuxCalls.close(directory);
        }
    }

    @Test
    void severalProgramsOfOthersComeBack() throws IOException {
        Cgroup cgroup = kernel.create("c");
        byte[] allowAll = new BpfAssembler().exit(1).assemble();
        int directory = LinuxCalls.openDirectory(cgroup.paths().unified().orElseThrow());
        try {
            for (int count = 0; count < 2; count++) {
                int program = Bpf.load(Bpf.BPF_PROG_TYPE_CGROUP_DEVICE, allowAll, "Apache-2.0", "test");
                Bpf.attach(directory, program, Bpf.BPF_CGROUP_DEVICE);
                LinuxCalls.close(program);
            }
            List<Integer> before = Bpf.attached(directory, Bpf.BPF_CGROUP_DEVICE);
            DeviceChange change =
                    DeviceChange.of(DevicePolicy.of(List.of()), List.of(DevicePolicyTest.allow("c 1:11 rw")), 0);
            var writing = new RevocableWriting();
            new DevicesController().update(cgroup, change, writing);
            assertEquals(1, Bpf.attached(directory, Bpf.BPF_CGROUP_DEVICE).size());

            assertEquals(Optional.empty(), writing.takeBack());
            assertEquals(before, Bpf.attached(directory, Bpf.BPF_CGROUP_DEVICE));
        } finally {
            LinuxCalls.close(directory);
        }
    }

    @Test
    void severalProgramsOfOthersAreReplaced() throws IOException {
        Cgroup cgroup = kernel.create("c");
        byte[] denyAll = new BpfAssembler().exit(0).assemble();
        int directory = LinuxCalls.openDirectory(cgroup.paths().unified().orElseThrow());
        try {
            for (int count = 0; count < 2; count++) {
                int program = Bpf.load(Bpf.BPF_PROG_TYPE_CGROUP_DEVICE, denyAll, "Apache-2.0", "test");
                Bpf.attach(directory, program, Bpf.BPF_CGROUP_DEVICE);
                LinuxCalls.close(program);
            }
            assertEquals(2, Bpf.attached(directory, Bpf.BPF_CGROUP_DEVICE).size());
            new DevicesController().apply(cgroup, resources());

            assertEquals(1, Bpf.attached(directory, Bpf.BPF_CGROUP_DEVICE).size());
            assertTrue(possible(cgroup).contains("null r"));
        } finally {
            LinuxCalls.close(directory);
        }
    }

    @Test
    void theVerifiersLogIsInTheError() {
        byte[] noResult = new byte[] {(byte) BpfAssembler.EXIT, 0, 0, 0, 0, 0, 0, 0};

        LinuxException refused = assertThrows(
                LinuxException.class, () -> Bpf.load(Bpf.BPF_PROG_TYPE_CGROUP_DEVICE, noResult, "Apache-2.0", "test"));
        assertTrue(refused.is(Errno.EACCES), refused.getMessage());
        assertTrue(refused.getMessage().contains("R0 !read_ok"), refused.getMessage());
    }

    @Test
    void aMissingCgroupIsAnErrorThatNamesIt() throws IOException {
        Cgroup missing = new Cgroup(kernel.place("never"));

        CgroupException failed =
                assertThrows(CgroupException.class, () -> new DevicesController().apply(missing, resources()));
        assertEquals("/linux/resources/devices", failed.pointer());
        assertTrue(failed.getMessage().endsWith("no such file or directory"), failed.getMessage());
    }
}
