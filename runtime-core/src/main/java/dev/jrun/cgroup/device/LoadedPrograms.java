// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cgroup.device;

import dev.jrun.cgroup.CgroupException;
import dev.jrun.kernel.call.Bpf;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import dev.jrun.spec.Resources.DeviceRule;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Device programs that the kernel has verified and translated already: most containers have the same rules, and one
 * program can be attached to any number of cgroups. For use by several threads.
 */
public final class LoadedPrograms {

    private static final String NAME = "jrun_devices";
    private static final String LICENSE = "Apache-2.0";
    private static final int MOST = 16;

    /** Descriptors by the rules that they were made of, the least recently used first. */
    private final Map<List<DeviceRule>, Integer> descriptors = new LinkedHashMap<>(2 * MOST, 0.75f, true);

    /** Makes a program's instructions of rules. */
    @FunctionalInterface
    public interface Compiler {
        byte[] compile(List<DeviceRule> rules) throws CgroupException;
    }

    /** What is done with a program while it is certainly open. */
    @FunctionalInterface
    public interface Use {
        void with(int program) throws LinuxException;
    }

    /**
     * Has {@code use} work with the descriptor of a program for these rules.
     *
     * @throws CgroupException if there is no program for them
     * @throws LinuxException if the kernel does not load it
     */
    public void use(List<DeviceRule> rules, Compiler compiler, Use use) throws CgroupException, LinuxException {
        if (useLoaded(rules, use)) {
            return;
        }
        // Nobody else waits for the compiler, nor for the kernel's verifier, which takes seconds for thousands of
        // rules.
        byte[] instructions = compiler.compile(rules);
        int program = Bpf.load(Bpf.BPF_PROG_TYPE_CGROUP_DEVICE, instructions, LICENSE, NAME);
        keepAndUse(rules, program, use);
    }

    private synchronized boolean useLoaded(List<DeviceRule> rules, Use use) throws LinuxException {
        Integer program = descriptors.get(rules);
        if (program == null) {
            return false;
        }
        use.with(program);
        return true;
    }

    private synchronized void keepAndUse(List<DeviceRule> rules, int program, Use use) throws LinuxException {
        Integer other = descriptors.put(rules, program);
        if (other != null) {
            LinuxCalls.close(other);
        }
        forgetEldest();
        use.with(program);
    }

    /** A program that is attached lives on without a descriptor. */
    private void forgetEldest() throws LinuxException {
        if (descriptors.size() > MOST) {
            var eldest = descriptors.entrySet().iterator().next();
            int program = eldest.getValue();
            descriptors.remove(eldest.getKey());
            LinuxCalls.close(program);
        }
    }
}
