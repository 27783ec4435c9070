// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.controller;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.cgroup.device.DevicePrograms;
import dev.jrun.cgroup.writing.RevocableWriting;
import dev.jrun.kernel.call.Bpf;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The device programs of a cgroup before others replace them, kept so that they can be restored. */
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
        try (DevicePrograms present = DevicePrograms.on(directory)) {
            AttachedPrograms programs = new AttachedPrograms(directory, present.attached());
            programs.open();
            return programs;
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
        try (DevicePrograms present = DevicePrograms.on(directory)) {
            putBack(present);
        } catch (LinuxException e) {
            throw new CgroupException("the device programs of " + directory + ": " + e.getMessage(), e);
        } finally {
            keep();
        }
    }

    private void putBack(DevicePrograms present) throws LinuxException {
        List<Integer> others = new ArrayList<>(present.attached());
        List<Integer> missing = new ArrayList<>(ids);
        missing.removeAll(others);
        others.removeAll(ids);
        if (missing.size() == 1 && others.size() == 1) {
            present.replace(others.getFirst(), descriptor(missing.getFirst()));
            return;
        }
        for (int id : missing) {
            present.attach(descriptor(id));
        }
        for (int id : others) {
            present.detach(id);
        }
    }

    private int descriptor(int id) {
        return descriptors.get(ids.indexOf(id));
    }

    @Override
    public void keep() {
        for (int descriptor : descriptors) {
            LinuxCalls.close(descriptor);
        }
        descriptors.clear();
    }
}
