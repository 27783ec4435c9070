// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.cgroup.Signaller;
import dev.jrun.kernel.Signal;
import java.util.Collection;

/** Ends processes when the shim that would is gone. The engine has that shim's identity and rights. */
final class EngineSignaller implements Signaller {

    @Override
    public void send(Signal signal, Collection<Integer> pids) {
        if (!signal.equals(Signal.KILL)) {
            throw new IllegalArgumentException("an engine only kills, it does not send " + signal.signalName());
        }
        for (int pid : pids) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
