// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.cgroup.Signaller;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.ProcessIdentity;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.call.LinuxException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Ends processes if the shim that would do it has gone. The engine has that shim's identity and rights. */
public final class EngineSignaller implements Signaller {

    @Override
    public void send(Signal signal, List<Integer> pids, Members members) throws IOException {
        if (!signal.isKill()) {
            throw new IllegalArgumentException("an engine only kills, it does not send " + signal.signalName());
        }
        List<HeldProcess> held = new ArrayList<>();
        try {
            for (int pid : pids) {
                HeldProcess.take(pid).ifPresent(held::add);
            }
            killMembers(held, members.now());
        } finally {
            held.forEach(HeldProcess::close);
        }
    }

    private static void killMembers(List<HeldProcess> held, Set<Integer> members) throws LinuxException {
        for (HeldProcess process : held) {
            if (members.contains(process.pid())) {
                process.kill();
            }
        }
    }

    /**
     * Kills {@code process}, if it has not ended.
     *
     * @throws ContainerException if that cannot be found out, or it cannot be killed
     */
    public void kill(ProcessIdentity process) throws ContainerException {
        try {
            Optional<HeldProcess> taken =
                    process.mayBeSignalled() ? HeldProcess.take((int) process.pid()) : Optional.empty();
            if (taken.isPresent()) {
                try (HeldProcess held = taken.get()) {
                    if (process.isAlive()) {
                        held.kill();
                    }
                }
            }
        } catch (LinuxException e) {
            throw new ContainerException("cannot kill process " + process.pid() + ": " + e.getMessage(), e);
        }
    }
}
