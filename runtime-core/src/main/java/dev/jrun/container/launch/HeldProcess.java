// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.kernel.Errno;
import dev.jrun.kernel.Signal;
import dev.jrun.kernel.call.LinuxCalls;
import dev.jrun.kernel.call.LinuxException;
import java.util.Optional;

/**
 * A process that the engine holds by a pidfd, pidfd_open(2): if a check afterwards finds the right process under its
 * pid, then that process is the one that gets killed.
 */
final class HeldProcess implements AutoCloseable {

    private static final int BY_NUMBER = -1;

    private final int pid;
    private final int descriptor;

    private HeldProcess(int pid, int descriptor) {
        this.pid = pid;
        this.descriptor = descriptor;
    }

    /** Takes hold of it; empty if there is no such process. */
    static Optional<HeldProcess> take(int pid) throws LinuxException {
        try {
            return Optional.of(new HeldProcess(pid, LinuxCalls.pidfdOpen(pid)));
        } catch (LinuxException e) {
            if (e.is(Errno.ESRCH)) {
                return Optional.empty();
            }
            if (e.is(Errno.ENOSYS) || e.is(Errno.EPERM)) {
                // An older kernel; an outer container's filter may forbid it.
                return Optional.of(new HeldProcess(pid, BY_NUMBER));
            }
            throw e;
        }
    }

    int pid() {
        return pid;
    }

    /**
     * Does nothing if it has ended. Not by the JDK's ProcessHandle, which takes a process that it cannot read about for
     * one that has.
     */
    void kill() throws LinuxException {
        try {
            if (descriptor == BY_NUMBER) {
                LinuxCalls.kill(pid, Signal.KILL.number());
            } else {
                LinuxCalls.pidfdSendSignal(descriptor, Signal.KILL.number());
            }
        } catch (LinuxException e) {
            if (!e.is(Errno.ESRCH)) {
                throw e;
            }
        }
    }

    @Override
    public void close() {
        if (descriptor != BY_NUMBER) {
            LinuxCalls.close(descriptor);
        }
    }
}
