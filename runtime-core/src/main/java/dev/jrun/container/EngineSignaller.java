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
            if (process.mayBeSignalled()) {
                killHeld(process);
            }
        } catch (LinuxException e) {
            throw new ContainerException("cannot kill process " + process.pid() + ": " + e.getMessage(), e);
        }
    }

    /** Whoever has the pid at the look has it at the signal; pidfd_open(2). */
    private static void killHeld(ProcessIdentity process) throws ContainerException, LinuxException {
        int held;
        try {
            held = Linux.pidfdOpen((int) process.pid());
        } catch (LinuxException e) {
            if (e.is(Errno.ESRCH)) {
                return;
            }
            if (!e.is(Errno.ENOSYS) && !e.is(Errno.EPERM)) {
                throw e;
            }
            // An outer container's filter may forbid it.
            if (process.isAlive()) {
                kill((int) process.pid());
            }
            return;
        }
        try {
            if (process.isAlive()) {
                Linux.pidfdSendSignal(held, Signal.KILL.number());
            }
        } catch (LinuxException e) {
            if (!e.is(Errno.ESRCH)) {
                throw e;
            }
        } finally {
            Linux.close(held);
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
