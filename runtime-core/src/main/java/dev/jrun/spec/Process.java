// SPDX-License-Identifier: Apache-2.0
package dev.jrun.spec;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A process in a container: {@code process} of config.json, and the whole document that {@code exec --process} reads.
 *
 * @param terminal whether the process gets a new pseudoterminal
 * @param consoleSize of that terminal, at its start
 * @param args argv of execve(2); its first element is looked up in the {@code PATH} of {@code env}
 * @param env entries {@code NAME=value}
 * @param cwd absolute path inside the container
 * @param capabilities absent: the specification leaves it to the runtime
 * @param oomScoreAdj −1000…1000, proc_pid_oom_score_adj(5); absent: inherited
 */
public record Process(
        boolean terminal,
        Optional<ConsoleSize> consoleSize,
        User user,
        List<String> args,
        List<String> env,
        String cwd,
        Optional<Capabilities> capabilities,
        List<Rlimit> rlimits,
        boolean noNewPrivileges,
        OptionalInt oomScoreAdj,
        Optional<Scheduler> scheduler,
        Optional<IoPriority> ioPriority,
        ExecCpuAffinity execCPUAffinity,
        Optional<String> apparmorProfile,
        Optional<String> selinuxLabel) {
    public Process {
        args = List.copyOf(args);
        env = List.copyOf(env);
        rlimits = List.copyOf(rlimits);
    }

    /** The same with other capabilities. */
    public Process with(Capabilities other) {
        return new Process(
                terminal,
                consoleSize,
                user,
                args,
                env,
                cwd,
                Optional.of(other),
                rlimits,
                noNewPrivileges,
                oomScoreAdj,
                scheduler,
                ioPriority,
                execCPUAffinity,
                apparmorProfile,
                selinuxLabel);
    }

    /**
     * A terminal's size, ioctl_tty(2).
     *
     * @param height in rows, 0…65535
     * @param width in columns, 0…65535
     */
    public record ConsoleSize(int height, int width) {}

    /**
     * CPUs of a process that is executed in a running container, in the format of cpuset(7)'s lists.
     *
     * @param initialCPUs while it is made a part of the container ({@code initial})
     * @param finalCPUs from when it is in the container's cgroup ({@code final})
     */
    public record ExecCpuAffinity(Optional<String> initialCPUs, Optional<String> finalCPUs) {
        public static final ExecCpuAffinity NONE = new ExecCpuAffinity(Optional.empty(), Optional.empty());

        public boolean isEmpty() {
            return initialCPUs.isEmpty() && finalCPUs.isEmpty();
        }
    }
}
