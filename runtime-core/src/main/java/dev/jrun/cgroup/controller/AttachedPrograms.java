// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.writing.RevocableWriting;
import dev.jrun.kernel.call.Bpf;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The device programs that are on a cgroup before others take their place, held on to so that they can come back. */
final class AttachedPrograms implements RevocableWriting.Step {

    private final Path directory;
    private final List<Integer> ids;
    private final List<Integer> descriptors = new ArrayList<>();

    private AttachedPrograms(Path directory, List<Integer> ids) {
        this.directory = directory;
        this.ids = ids;
    }

    /**
     * Holds on to those of this cgroup.
     *
     * @throws LinuxException if they cannot be found out
     */
    static AttachedPrograms of(Path directory) throws LinuxException {
        int cgroup = LinuxCalls.openDirectory(directory);
        try {
            AttachedPrograms programs = new AttachedPrograms(directory, Bpf.attached(cgroup, Bpf.BPF_CGROUP_DEVICE));
            programs.open();
            return programs;
        } finally {
            LinuxCalls.close(cgroup);
        }
    }

    private void open() throws LinuxException {
        try {
            for (int id : ids) {
                descriptors.add(Bpf.open(id));
            }
        } catch (LinuxException e) {
            keep();
            throw e;
        }
    }

    @Override
    public void undo() throws CgroupException {
        try {
            int cgroup = LinuxCalls.openDirectory(directory);
            try {
                putBack(cgroup);
            } finally {
                LinuxCalls.close(cgroup);
            }
        } catch (LinuxException e) {
            throw new CgroupException("the device programs of " + directory + ": " + e.getMessage(), e);
        } finally {
            keep();
        }
    }

    private void putBack(int cgroup) throws LinuxException {
        List<Integer> others = new ArrayList<>(Bpf.attached(cgroup, Bpf.BPF_CGROUP_DEVICE));
        List<Integer> missing = new ArrayList<>(ids);
        missing.removeAll(others);
        others.removeAll(ids);
        if (missing.size() == 1 && others.size() == 1) {
            replace(cgroup, descriptors.get(ids.indexOf(missing.getFirst())), others.getFirst());
            return;
        }
        for (int id : missing) {
            Bpf.attach(cgroup, descriptors.get(ids.indexOf(id)), Bpf.BPF_CGROUP_DEVICE);
        }
        for (int id : others) {
            int other = Bpf.open(id);
            try {
                Bpf.detach(cgroup, other, Bpf.BPF_CGROUP_DEVICE);
            } finally {
                LinuxCalls.close(other);
            }
        }
    }

    private static void replace(int cgroup, int program, int id) throws LinuxException {
        int replaced = Bpf.open(id);
        try {
            Bpf.replace(cgroup, program, replaced, Bpf.BPF_CGROUP_DEVICE);
        } finally {
            LinuxCalls.close(replaced);
        }
    }

    @Override
    public void keep() {
        for (int descriptor : descriptors) {
            LinuxCalls.close(descriptor);
        }
        descriptors.clear();
    }
}
