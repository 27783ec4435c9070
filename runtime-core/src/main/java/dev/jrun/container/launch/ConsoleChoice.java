// SPDX-License-Identifier: Apache-2.0
package dev.jrun.container.launch;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.launch.terminal.CallerTerminals;
import dev.jrun.launch.terminal.Console;
import dev.jrun.spec.Process;
import java.nio.file.Path;
import java.util.Optional;

/** Decides who gets the terminal of a process. The rules and their error messages are runc's. */
public final class ConsoleChoice {

    private ConsoleChoice() {}

    /** Of a process whose shim ends before it does. */
    public static Optional<Console> detached(Process process, Optional<Path> socket) throws ContainerException {
        if (!process.terminal()) {
            refuse(socket);
            return Optional.empty();
        }
        if (socket.isEmpty()) {
            throw new ContainerException(
                    "cannot allocate tty if jrun will detach without setting console socket (--console-socket)");
        }
        return Optional.of(new Console.Sent(socket.get(), size(process)));
    }

    /** Of a process whose shim stays with it. */
    public static Optional<Console> attached(Process process, Optional<Path> socket, CallerTerminals caller)
            throws ContainerException {
        refuse(socket);
        return process.terminal() ? Optional.of(new Console.Relayed(caller, size(process))) : Optional.empty();
    }

    private static void refuse(Optional<Path> socket) throws ContainerException {
        if (socket.isPresent()) {
            throw new ContainerException("cannot use console socket if jrun will not detach or allocate tty");
        }
    }

    /** As with runc, no size where one of its numbers is 0: Podman writes 0 × 0. */
    private static Optional<Process.ConsoleSize> size(Process process) {
        Optional<Process.ConsoleSize> size = process.consoleSize();
        return size.isPresent() && size.get().height() != 0 && size.get().width() != 0 ? size : Optional.empty();
    }
}
