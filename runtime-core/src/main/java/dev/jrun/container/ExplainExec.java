// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container;

import dev.jrun.container.exec.ExecCall;
import dev.jrun.container.exec.ExecLaunch;
import dev.jrun.container.launch.Host;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.StateStore;
import dev.jrun.launch.exec.ExecProgram;
import dev.jrun.launch.part.Tag;
import dev.jrun.program.Program;
import dev.jrun.program.Session;
import dev.jrun.program.SessionBrokenException;
import dev.jrun.program.listing.Listing;

/** {@code explain exec}: shows what {@code exec} would do, system call by system call, without doing it. */
public final class ExplainExec {

    private final Host host;
    private final StateStore store;

    public ExplainExec(Host host, StateStore store) {
        this.host = host;
        this.store = store;
    }

    /**
     * The program that {@code exec} would have the shim execute for this call, as text.
     *
     * @throws ContainerException if {@code exec} would refuse it, with the same words; the shim awaits its next program
     */
    public String execute(Session session, ExecCall call) throws ContainerException, SessionBrokenException {
        host.kernel(session);
        try (var _ = host.memory().toHoldConfiguration(store.configLength(call.id()))) {
            return text(new ExecLaunch(host, store, session, call).plan());
        }
    }

    private String text(ExecProgram exec) {
        Program program = exec.program();
        int inside = exec.insideStart();
        var listing =
                new Listing(program, host.machine(), number -> Tag.of(number).name());
        return "== What the caller's process does: its shim, by now a sealed copy of itself in memory ==\n\n"
                + listing.text(0, inside)
                + "\n== What the process in the container does, up to the execution of its program ==\n\n"
                + listing.text(inside, program.instructions().size());
    }
}
