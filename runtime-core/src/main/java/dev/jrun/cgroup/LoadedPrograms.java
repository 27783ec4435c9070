// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup;

import dev.jrun.kernel.Bpf;
import dev.jrun.kernel.Linux;
import dev.jrun.kernel.LinuxException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Device programs that the kernel has verified and translated already: most containers have the same rules, and one
 * program can be attached to any number of cgroups. For use by several threads.
 */
final class LoadedPrograms {

    private static final String NAME = "jrun_devices";
    private static final String LICENSE = "Apache-2.0";
    private static final int MOST = 16;

    /** Descriptors by instructions, the least recently used first. */
    private final Map<ByteBuffer, Integer> descriptors = new LinkedHashMap<>(2 * MOST, 0.75f, true);

    /** What is done with a program while it is certainly open. */
    @FunctionalInterface
    interface Use {
        void with(int program) throws LinuxException;
    }

    /**
     * Has {@code use} work with the descriptor of a program of these instructions.
     *
     * @throws LinuxException if the kernel does not load it
     */
    synchronized void use(byte[] instructions, Use use) throws LinuxException {
        ByteBuffer key = ByteBuffer.wrap(instructions);
        Integer program = descriptors.get(key);
        if (program == null) {
            program = Bpf.load(Bpf.BPF_PROG_TYPE_CGROUP_DEVICE, instructions, LICENSE, NAME);
            descriptors.put(key, program);
            forgetEldest();
        }
        use.with(program);
    }

    /** A program that is attached lives on without a descriptor. */
    private void forgetEldest() throws LinuxException {
        if (descriptors.size() > MOST) {
            var eldest = descriptors.entrySet().iterator().next();
            int program = eldest.getValue();
            descriptors.remove(eldest.getKey());
            Linux.close(program);
        }
    }
}
