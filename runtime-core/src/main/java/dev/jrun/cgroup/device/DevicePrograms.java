// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import dev.jrun.kernel.call.Bpf;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import java.nio.file.Path;
import java.util.List;

/**
 * The device programs on a cgroup, by their ids; an access needs the consent of each. bpf(2).
 *
 * @param cgroup a descriptor of its directory, which this closes
 */
public record DevicePrograms(int cgroup) implements AutoCloseable {

    public static DevicePrograms on(Path directory) throws LinuxException {
        return new DevicePrograms(LinuxCalls.openDirectory(directory));
    }

    public List<Integer> attached() throws LinuxException {
        return Bpf.attached(cgroup, Bpf.BPF_CGROUP_DEVICE);
    }

    /** @param program a descriptor of it */
    public void attach(int program) throws LinuxException {
        Bpf.attach(cgroup, program, Bpf.BPF_CGROUP_DEVICE);
    }

    /** Puts a program in the place of another, with no moment between them. */
    public void replace(int id, int program) throws LinuxException {
        int replaced = Bpf.open(id);
        try {
            Bpf.replace(cgroup, program, replaced, Bpf.BPF_CGROUP_DEVICE);
        } finally {
            LinuxCalls.close(replaced);
        }
    }

    public void detach(int id) throws LinuxException {
        int program = Bpf.open(id);
        try {
            Bpf.detach(cgroup, program, Bpf.BPF_CGROUP_DEVICE);
        } finally {
            LinuxCalls.close(program);
        }
    }

    @Override
    public void close() {
        LinuxCalls.close(cgroup);
    }
}
