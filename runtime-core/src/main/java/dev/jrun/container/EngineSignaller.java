// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Signaller;
import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Linux;
import dev.jrun.kernel.LinuxException;
import dev.jrun.kernel.Signal;
import java.util.Collection;

/** Ends processes when the shim that would is gone. The engine has that shim's identity and rights. */
final class EngineSignaller implements Signaller {

    @Override
    public void send(Signal signal, Collection<Integer> pids) throws LinuxException {
        if (!signal.isKill()) {
            throw new IllegalArgumentException("an engine only kills, it does not send " + signal.signalName());
        }
        for (int pid : pids) {
            kill(pid);
        }
    }

    /**
     * Kills {@code process}, if it has not ended.
     *
     * @throws ContainerException if that cannot be found out, or it cannot be killed
     */
    void kill(ProcessIdentity process) throws ContainerException {
        try {
            if (process.isAlive()) {
                kill((int) process.pid());
            }
        } catch (LinuxException e) {
            throw new ContainerException("cannot kill process " + process.pid() + ": " + e.getMessage(), e);
        }
    }

    /** Not by the JDK's ProcessHandle, which takes a process that it cannot read about for one that has ended. */
    private static void kill(int pid) throws LinuxException {
        try {
            Linux.kill(pid, Signal.KILL.number());
        } catch (LinuxException e) {
            if (!e.is(Errno.ESRCH)) {
                throw e;
            }
        }
    }
}
