// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.call;

import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.program.SessionBrokenException;
import picocli.CommandLine.Model.CommandSpec;

/** One command of jrun, made anew for each call. */
public interface Command {

    /** What it does, in a few words. */
    String summary();

    /**
     * Examples, for help and the manual: lines that say what is done, each followed by a command line indented by four
     * spaces. A test runs them in a directory with the bundles {@code hello}, which does not end by itself, and
     * {@code short}, and with the containers {@code created} and {@code running}.
     */
    String examples();

    /** What it takes besides options. */
    Arguments arguments();

    /** Adds its options, {@code --help} excepted. */
    default void describe(CommandSpec spec) {}

    /**
     * Whether it neither makes nor signals a process, and removes nothing: only then it is done where {@code /proc}
     * shows others.
     */
    default boolean onlyLooks() {
        return false;
    }

    /** Whether what stands behind the first word that is no option is not jrun's, but a program's and its arguments. */
    default boolean executesArguments() {
        return false;
    }

    /** What its caller is told if it cannot be done. */
    default CommandException failure(String message) {
        return new CommandException(message);
    }

    /**
     * Does it.
     *
     * @throws CommandException if it cannot be done; the shim awaits a program then
     * @throws ContainerException likewise
     */
    Outcome execute(Invocation invocation) throws CommandException, ContainerException, SessionBrokenException;
}
