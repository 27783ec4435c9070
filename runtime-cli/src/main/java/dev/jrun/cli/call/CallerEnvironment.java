// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import dev.jrun.engine.Call;
import dev.jrun.json.Printable;
import dev.jrun.launch.Caller;
import dev.jrun.launch.notify.ServiceManager;
import dev.jrun.launch.terminal.CallerTerminals;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A caller's environment, as the shim that executes itself anew, and hooks, get it. */
public final class CallerEnvironment {

    private CallerEnvironment() {}

    /** Entries {@code NAME=value}. */
    public static List<String> entries(Call call) {
        List<String> entries = new ArrayList<>(call.environment().size());
        for (Map.Entry<String, String> entry : call.environment().entrySet()) {
            entries.add(entry.getKey() + "=" + entry.getValue());
        }
        return entries;
    }

    /** How the shim was called that makes its call again. */
    public static Caller caller(Call call) {
        return new Caller(
                call.home(),
                call.arguments(),
                entries(call),
                new CallerTerminals(call.terminals(), call.rows(), call.columns()));
    }

    /**
     * Who is told when the container is ready.
     *
     * @throws CommandException if the variable names no socket
     */
    public static Optional<ServiceManager> serviceManager(Call call) throws CommandException {
        String name = call.environment().getOrDefault(ServiceManager.VARIABLE, "");
        if (name.isEmpty()) {
            return Optional.empty();
        }
        CallerPath.checkIsUtf8("value of " + ServiceManager.VARIABLE, name);
        Optional<ServiceManager> manager = ServiceManager.named(name);
        if (manager.isEmpty()) {
            throw new CommandException(ServiceManager.VARIABLE + ": found \"" + Printable.ofLines(name)
                    + "\"; allowed: an absolute path, or @ and an abstract name, of at most "
                    + ServiceManager.LONGEST + " bytes");
        }
        return manager;
    }
}
