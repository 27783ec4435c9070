// SPDX-License-Identifier: Apache-2.0
package dev.jrun.cli.command;

import dev.jrun.cli.call.CommandException;
import dev.jrun.cli.call.Invocation;
import dev.jrun.cli.call.Options;
import dev.jrun.cli.call.Outcome;
import dev.jrun.container.lifecycle.ContainerException;
import dev.jrun.container.lifecycle.ContainerId;
import dev.jrun.container.lifecycle.NoSuchContainerException;
import dev.jrun.program.SessionBrokenException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import picocli.CommandLine.Model.CommandSpec;

/** All containers of the root whose ids match a regular expression: {@code --regex} of crun. */
final class MatchingContainers {

    private MatchingContainers() {}

    /** What is done to each. */
    interface Operation {
        void execute(ContainerId id) throws CommandException, ContainerException, SessionBrokenException;
    }

    static void describe(CommandSpec spec) {
        Options.flag(
                spec, "CONTAINER is a regular expression: act on each container whose id it matches", "-r", "--regex");
    }

    /** Whether it is asked for. */
    static boolean areMeant(Invocation invocation) {
        return invocation.isSet("--regex");
    }

    /**
     * Does it to all of them. One that fails keeps none of the others from it.
     *
     * @throws CommandException if it failed for any, or the expression is none
     * @throws ContainerException if it cannot be found out which containers there are
     */
    static Outcome each(Invocation invocation, Operation operation)
            throws CommandException, ContainerException, SessionBrokenException {
        List<ContainerId> matching = find(invocation);
        int failures = 0;
        for (ContainerId id : matching) {
            try {
                operation.execute(id);
            } catch (NoSuchContainerException meanwhile) {
                // It is gone since it was found.
                continue;
            } catch (CommandException | ContainerException e) {
                failures++;
                invocation.error(e.getMessage());
            }
        }
        if (failures > 0) {
            throw new CommandException("cannot " + invocation.name() + " " + failures + " of the " + matching.size()
                    + " containers that match \"" + invocation.arguments().getFirst() + '"');
        }
        return Outcome.SUCCESS;
    }

    private static List<ContainerId> find(Invocation invocation) throws CommandException, ContainerException {
        String expression = invocation.arguments().getFirst();
        List<ContainerId> matching = new ArrayList<>();
        try {
            Pattern pattern = Pattern.compile(expression);
            for (ContainerId id : invocation.store().ids()) {
                if (pattern.matcher(new Patience(id.text())).find()) {
                    matching.add(id);
                }
            }
        } catch (PatternSyntaxException e) {
            throw new CommandException("invalid regular expression \"" + expression + "\": " + e.getDescription());
        } catch (TooLongException | StackOverflowError e) {
            throw new CommandException("regular expression \"" + expression + "\": it takes too long to match");
        }
        return matching;
    }

    /** A match was given up. */
    private static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** A text that can be looked at often, but not for ever: some expressions take longer than the universe is old. */
    private static final class Patience implements CharSequence {

        private static final int MOST_LOOKS = 10_000_000;

        private final String text;
        private int looks;

        Patience(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++looks > MOST_LOOKS) {
                throw new TooLongException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
