// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.Arguments;
import dev.jrun.cli.call.Command;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.ShowState;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.state.ContainerState;
import dev.jrun.json.JsonWriter;
import dev.jrun.program.SessionBrokenException;

/** {@code jrun state}: prints a container's state, runtime.md of the specification. */
public final class StateCommand implements Command {

    @Override
    public String summary() {
        return "print a container's state, as JSON";
    }

    @Override
    public String examples() {
        return """
                Print a container's state:
                    jrun state running
                """;
    }

    @Override
    public Arguments arguments() {
        return Arguments.CONTAINER;
    }

    @Override
    public boolean onlyLooks() {
        return true;
    }

    @Override
    public Outcome execute(Invocation invocation) throws ContainerException, SessionBrokenException {
        var json = JsonWriter.indented("  ");
        var output = new LongOutput(invocation.session());
        new ShowState(invocation.host().memory(), invocation.store())
                .execute(invocation.containerId(), new Writing(json, output));
        invocation.print(json.toString());
        return Outcome.SUCCESS;
    }

    private record Writing(JsonWriter json, LongOutput output) implements ShowState.Viewer {
        @Override
        public void show(ContainerState state) throws ContainerException, SessionBrokenException {
            // runc leaves the owner out here.
            StateDocument.write(json, state, "", output);
        }
    }
}
